import { randomUUID } from 'node:crypto';
import type { Server as NetServer } from 'node:net';
import ldap from 'ldapjs';

type Server = ReturnType<typeof ldap.createServer>;
type Next = (error?: unknown) => void;

interface BindRequest {
  name: { toString(): string };
  credentials: string;
}

interface SearchRequest {
  baseObject: { toString(): string };
  scopeName: string;
  filter: { toString(): string; matches(attributes: ScriptedEntry['attributes']): boolean };
}

interface SearchResponse {
  attributes: string[];
  connection: { destroy(): void };
  send(entry: ScriptedEntry): void;
  end(): void;
}

/** ldapjs, as far as it is used here: its types know neither what it hands over nor that its errors are errors. */
interface Handlers {
  bind(base: string, handle: (request: BindRequest, response: SearchResponse, next: Next) => void): void;
  search(base: string, handle: (request: SearchRequest, response: SearchResponse, next: Next) => void): void;
}

export interface ScriptedEntry {
  dn: string;
  attributes: Record<string, string | string[]>;
}

export const scriptedBase = 'dc=test';
export const scriptedAccount = { dn: 'cn=sync,dc=test', password: 'right' };

/**
 * A directory whose every fault is played on demand: those that real servers have in production and cannot be made to
 * show.
 */
export class ScriptedDirectory {
  readonly entries = new Map<string, ScriptedEntry>();
  /** Searches of people end with this error after so many entries. */
  fault: { after: number; play: 'size limit' | 'gone' | 'busy' | 'half' } | undefined;
  password = scriptedAccount.password;
  port = 0;
  private server: Server | undefined;

  async start(): Promise<void> {
    this.server = ldap.createServer();
    const handlers = this.server as unknown as Handlers;
    handlers.bind('', ({ name, credentials }, response, next) => {
      const isRight = name.toString() === scriptedAccount.dn && credentials === this.password;
      if (!isRight) return next(new ldap.InvalidCredentialsError());
      response.end();
      return next();
    });
    handlers.search('', (request, response, next) => this.search(request, response, next));
    // It writes an entry and its end apart; held back, each search would take 40 ms.
    (this.server as unknown as { server: NetServer }).server.on('connection', (socket) =>
      socket.setNoDelay(),
    );
    await new Promise<void>((resolve) => this.server!.listen(this.port, '127.0.0.1', () => resolve()));
    this.port = Number(new URL(this.server.url).port);
  }

  async end(): Promise<void> {
    await new Promise<void>((resolve) => this.server!.close(() => resolve()));
  }

  /** A department below the base, or below another one. */
  department(name: string, below = scriptedBase): string {
    const dn = `ou=${name},${below}`;
    this.put(dn, { objectClass: 'organizationalUnit', ou: name });
    return dn;
  }

  person(uid: string, below: string, attributes: ScriptedEntry['attributes'] = {}): string {
    const dn = `uid=${uid},${below}`;
    this.put(dn, { objectClass: 'inetOrgPerson', uid, cn: uid, displayName: uid, ...attributes });
    return dn;
  }

  /** Changes an entry; its identity stays. */
  change(dn: string, attributes: Record<string, string | string[] | undefined>): void {
    const entry = this.entries.get(dn.toLowerCase())!;
    for (const [name, value] of Object.entries(attributes)) {
      if (value === undefined) delete entry.attributes[name];
      else entry.attributes[name] = value;
    }
    entry.attributes['modifyTimestamp'] = stamp();
  }

  move(from: string, to: string): void {
    const entry = this.entries.get(from.toLowerCase())!;
    this.entries.delete(from.toLowerCase());
    this.entries.set(to.toLowerCase(), { ...entry, dn: to });
    entry.attributes['modifyTimestamp'] = stamp();
  }

  remove(dn: string): void {
    this.entries.delete(dn.toLowerCase());
  }

  private put(dn: string, attributes: ScriptedEntry['attributes']): void {
    const operational = { entryUUID: randomUUID(), modifyTimestamp: stamp() };
    this.entries.set(dn.toLowerCase(), { dn, attributes: { ...operational, ...attributes } });
  }

  private search(request: SearchRequest, response: SearchResponse, next: Next): void {
    const base = request.baseObject.toString().toLowerCase();
    const isBase = request.scopeName === 'base';
    const isOfPeople = request.filter.toString().includes('inetOrgPerson');
    // Its own choice of attributes knows names in lower case alone, so entries go out whole.
    response.attributes = [];
    let sent = 0;
    for (const { dn, attributes } of this.entries.values()) {
      const below = dn.toLowerCase();
      if (isBase ? below !== base : below !== base && !below.endsWith(`,${base}`)) continue;
      if (!request.filter.matches(attributes)) continue;
      if (isOfPeople && !isBase && this.fault && sent >= this.fault.after) {
        this.play(this.fault.play, response, next);
        return;
      }
      response.send({ dn, attributes });
      sent += 1;
    }
    if (isBase && sent === 0) return next(new ldap.NoSuchObjectError(base));
    response.end();
    return next();
  }

  private play(
    what: NonNullable<ScriptedDirectory['fault']>['play'],
    response: SearchResponse,
    next: Next,
  ): void {
    if (what === 'size limit') return next(new ldap.SizeLimitExceededError());
    if (what === 'busy') return next(new ldap.BusyError());
    if (what === 'gone') {
      response.connection.destroy();
      return undefined;
    }
    response.end();
    return next();
  }
}

let clock = Date.parse('2026-01-01T00:00:00Z');

/** Each later than the one before. */
function stamp(): string {
  clock += 1000;
  return `${new Date(clock).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
}
