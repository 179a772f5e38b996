import { randomBytes, randomUUID } from 'node:crypto';
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
  attributes: string[];
  controls: { type: string; value?: { size: number; cookie: Buffer } }[];
}

interface SearchResponse {
  attributes: string[];
  connection: { destroy(): void };
  addControl(control: unknown): void;
  createSearchReference(uris: string[]): ScriptedEntry;
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
  attributes: Record<string, string | string[] | Buffer>;
}

/** What it says of itself as Active Directory. */
export interface ScriptedController {
  invocationId: Buffer;
  /** Whether the account may see what was deleted. */
  showsDeleted: boolean;
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
  fault: { after: number; play: 'size limit' | 'gone' | 'busy' | 'half' | 'cookie' } | undefined;
  password = scriptedAccount.password;
  port = 0;
  binds = 0;
  /** How many searches were asked, each page one. */
  searches = 0;
  /** More values of `member` than these are given in parts, as Active Directory does. */
  membersAtOnce = Number.POSITIVE_INFINITY;
  /** Where searches of people are sent besides. */
  referrals: string[] = [];
  /** The greatest number given to a change; as Active Directory only. */
  usn = 1_000_000;
  private server: Server | undefined;

  /** @param controller absent: it behaves like OpenLDAP */
  constructor(readonly controller?: ScriptedController) {}

  async start(): Promise<void> {
    this.server = ldap.createServer();
    const handlers = this.server as unknown as Handlers;
    handlers.bind('', ({ name, credentials }, response, next) => {
      this.binds += 1;
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

  group(name: string, members: string[], attributes: ScriptedEntry['attributes'] = {}): string {
    const dn = `cn=${name},${scriptedBase}`;
    this.put(dn, { objectClass: 'groupOfNames', cn: name, member: members, ...attributes });
    return dn;
  }

  person(uid: string, below: string, attributes: ScriptedEntry['attributes'] = {}): string {
    const dn = `uid=${uid},${below}`;
    this.put(dn, { objectClass: 'inetOrgPerson', uid, cn: uid, displayName: uid, ...attributes });
    return dn;
  }

  /** Changes an entry; its identity stays. */
  change(dn: string, attributes: Record<string, string | string[] | Buffer | undefined>): void {
    const entry = this.entries.get(dn.toLowerCase())!;
    for (const [name, value] of Object.entries(attributes)) {
      if (value === undefined) delete entry.attributes[name];
      else entry.attributes[name] = value;
    }
    this.touch(entry);
  }

  move(from: string, to: string): void {
    const entry = this.entries.get(from.toLowerCase())!;
    this.entries.delete(from.toLowerCase());
    this.entries.set(to.toLowerCase(), { ...entry, dn: to });
    this.touch(entry);
  }

  remove(dn: string): void {
    const entry = this.entries.get(dn.toLowerCase());
    this.entries.delete(dn.toLowerCase());
    if (!this.controller || !entry) return;
    const { objectGUID } = entry.attributes;
    const name = `cn=${(objectGUID as Buffer).toString('hex')},cn=deleted objects,${scriptedBase}`;
    const tombstone = { dn: name, attributes: { isDeleted: 'TRUE', objectGUID: objectGUID! } };
    this.entries.set(name, tombstone);
    this.touch(tombstone);
  }

  /** Puts back what was removed, with the identity it had. */
  restore({ dn, attributes }: ScriptedEntry): void {
    const entry = { dn, attributes };
    this.entries.set(dn.toLowerCase(), entry);
    this.touch(entry);
  }

  private put(dn: string, attributes: ScriptedEntry['attributes']): void {
    const identity: ScriptedEntry['attributes'] = this.controller
      ? { objectGUID: letters() }
      : { entryUUID: randomUUID() };
    this.restore({ dn, attributes: { ...identity, ...attributes } });
  }

  private touch({ attributes }: { attributes: ScriptedEntry['attributes'] }): void {
    const at = stamp();
    if (!this.controller) attributes['modifyTimestamp'] = at;
    else Object.assign(attributes, { whenChanged: at, uSNChanged: String((this.usn += 1)) });
  }

  /** What the server says of itself, and of the controller that answers. */
  private ownEntries(): ScriptedEntry[] {
    const settingsDn = 'cn=ntds settings,cn=dc1,cn=configuration';
    const ofController = this.controller && {
      dsServiceName: settingsDn,
      highestCommittedUSN: String(this.usn),
      defaultNamingContext: scriptedBase,
    };
    const root = { objectClass: 'top', namingContexts: scriptedBase, ...ofController };
    return [
      { dn: '', attributes: root },
      ...(this.controller
        ? [
            {
              dn: settingsDn,
              attributes: { objectClass: 'nTDSDSA', invocationId: this.controller.invocationId },
            },
          ]
        : []),
    ];
  }

  private search(request: SearchRequest, response: SearchResponse, next: Next): void {
    const base = request.baseObject.toString().toLowerCase();
    const isBase = request.scopeName === 'base';
    const isOfPeople = request.filter.toString().includes('inetOrgPerson');
    // Its own choice of attributes knows names in lower case alone, so entries go out whole.
    response.attributes = [];
    const isDeletedShown =
      this.controller?.showsDeleted === true && request.controls.some(({ type }) => type === showDeleted);
    this.searches += 1;
    const page = request.controls.find(({ type }) => type === pagedResults)?.value;
    const from = Number(page?.cookie.toString() || 0);
    const to = page ? from + page.size : Number.POSITIVE_INFINITY;
    let count = 0;
    for (const { dn, attributes } of [...this.ownEntries(), ...this.entries.values()]) {
      const below = dn.toLowerCase();
      if (attributes['isDeleted'] && !isDeletedShown) continue;
      if (isBase ? below !== base : below !== base && !below.endsWith(`,${base}`)) continue;
      if (!request.filter.matches(attributes)) continue;
      if (count === to) {
        response.addControl(pageControl(String(to)));
        break;
      }
      if (isOfPeople && !isBase && this.fault && count >= this.fault.after && count >= from) {
        this.play(this.fault.play, response, next);
        return;
      }
      if (count >= from) response.send({ dn, attributes: this.inParts(attributes, request.attributes) });
      count += 1;
    }
    if (isBase && count === 0) return next(new ldap.NoSuchObjectError(base));
    if (isOfPeople && !isBase && from === 0 && this.referrals.length > 0) {
      response.send(response.createSearchReference(this.referrals));
    }
    response.end();
    return next();
  }

  /** Many members as Active Directory gives them: none under their own name, and a part under the name of its range. */
  private inParts(
    attributes: ScriptedEntry['attributes'],
    wanted: readonly string[],
  ): ScriptedEntry['attributes'] {
    const { member, ...others } = attributes;
    if (!Array.isArray(member) || member.length <= this.membersAtOnce) return attributes;
    const asked = wanted.map((name) => /^member;range=(\d+)-\*$/i.exec(name)).find(Boolean);
    const from = Number(asked?.[1] ?? 0);
    const part = member.slice(from, from + this.membersAtOnce);
    const isLast = from + part.length >= member.length;
    const last = isLast ? '*' : from + part.length - 1;
    return { ...others, ...(!asked && { member: [] }), [`member;range=${from}-${last}`]: part };
  }

  private play(
    what: NonNullable<ScriptedDirectory['fault']>['play'],
    response: SearchResponse,
    next: Next,
  ): void {
    if (what === 'size limit') return next(new ldap.SizeLimitExceededError());
    if (what === 'busy') return next(new ldap.BusyError());
    if (what === 'cookie') return next(new ldap.UnwillingToPerformError('The cookie is invalid.'));
    if (what === 'gone') {
      response.connection.destroy();
      return undefined;
    }
    response.end();
    return next();
  }
}

const pagedResults = '1.2.840.113556.1.4.319';
/** Its types do not know it. */
const { PagedResultsControl } = ldap as unknown as {
  PagedResultsControl: new (options: { value: { size: number; cookie: Buffer } }) => object;
};
const pageControl = (cookie: string) =>
  new PagedResultsControl({ value: { size: 0, cookie: Buffer.from(cookie) } });
const showDeleted = '1.2.840.113556.1.4.417';

let clock = Date.parse('2026-01-01T00:00:00Z');

/** Each later than the one before. */
function stamp(): string {
  clock += 1000;
  return `${new Date(clock).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
}

/** An identity that a filter may hold: ldapjs reads beyond the end of bytes that are no UTF-8. */
const letters = (): Buffer => Buffer.from(randomBytes(16).map((byte) => 0x61 + (byte % 26)));
