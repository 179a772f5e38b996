import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { BusyError, Client, ResultCodeError, UnavailableError } from 'ldapts';
import type { DirectorySourceSettings } from '#contracts';
import { logger } from '#platform';
import { HostChoice, type Host } from './host-choice.js';
import { receiveEntries } from './received-entry.js';

const log = logger('directory');

export type Reach = Pick<DirectorySourceSettings, 'hosts' | 'security' | 'authorities' | 'serverName'>;

export interface Patience {
  /** Milliseconds for reaching a host and its TLS. */
  connectMs: number;
  /** Milliseconds for one answer. */
  answerMs: number;
}

/** The connection could not be made with any host. The cause is what the last one said. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/**
 * Connections to the servers of one directory. Remembers in this process which of them answer; one that failed is tried
 * again in the background, so that nobody waits for it who wants to sign in.
 */
export class Connections {
  private readonly choice: HostChoice;
  private readonly probes = new Map<Host, NodeJS.Timeout>();
  private isClosed = false;

  constructor(
    private readonly reach: Reach,
    private readonly patience: Patience,
  ) {
    this.choice = new HostChoice(reach.hosts);
  }

  /**
   * Work as an account, over a connection of its own that ends with it. The server is the first one that answers the
   * bind, secured as the settings demand. Throws `Unreachable`, and what a server says of the account.
   */
  async as<T>(
    dn: string,
    password: string,
    work: (client: Client, server: string) => Promise<T>,
  ): Promise<T> {
    const { client, host } = await this.bound(dn, password, this.choice.order());
    try {
      return await work(client, nameOf(host));
    } finally {
      await end(client);
    }
  }

  /** As `as`, on one of the servers of the settings and no other. */
  async asOn<T>(
    host: Host,
    [dn, password]: readonly [dn: string, password: string],
    work: (client: Client, server: string) => Promise<T>,
  ): Promise<T> {
    const { client } = await this.bound(dn, password, [host]);
    try {
      return await work(client, nameOf(host));
    } finally {
      await end(client);
    }
  }

  /** Tries no server any more in the background. */
  close(): void {
    this.isClosed = true;
    for (const timer of this.probes.values()) clearTimeout(timer);
    this.probes.clear();
  }

  private async bound(
    dn: string,
    password: string,
    hosts: readonly Host[],
  ): Promise<{ client: Client; host: Host }> {
    let cause: unknown;
    for (const host of hosts) {
      let client: Client | undefined;
      let isAsked = false;
      try {
        client = await openClient(host, this.reach, this.patience);
        isAsked = true;
        // A server that hangs takes connections as before; only an answer says that it lives.
        await within(this.patience.connectMs, client.bind(dn, password));
        this.succeeded(host);
        return { client, host };
      } catch (error) {
        if (client) await end(client);
        if (isAsked && isAnswer(error)) {
          this.succeeded(host);
          throw error;
        }
        this.failed(host);
        cause = error;
      }
    }
    const names = hosts.map(nameOf).join(', ');
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new Unreachable(`No server of the directory (${names}) could be reached: ${said}`, { cause });
  }

  private succeeded(host: Host): void {
    this.choice.succeeded(host);
    clearTimeout(this.probes.get(host));
    this.probes.delete(host);
  }

  private failed(host: Host): void {
    const pauseMs = this.choice.failed(host);
    clearTimeout(this.probes.get(host));
    // The only server there is is asked by everybody anyway.
    if (this.isClosed || this.reach.hosts.length === 1) return;
    this.probes.set(host, setTimeout(() => void this.probe(host), pauseMs).unref());
  }

  private async probe(host: Host): Promise<void> {
    this.probes.delete(host);
    try {
      const client = await openClient(host, this.reach, this.patience);
      try {
        // Anybody may ask a server for this.
        await within(this.patience.connectMs, client.search('', { scope: 'base', attributes: ['1.1'] }));
      } finally {
        await end(client);
      }
      this.choice.recovered(host);
    } catch (error) {
      log.info({ err: error, server: nameOf(host) }, 'a server of the directory is still away');
      this.failed(host);
    }
  }
}

const nameOf = ({ host, port }: Host): string => `${host}:${port}`;

/** Whether a server has answered, and not that it is busy or closing: another one would say the same. */
const isAnswer = (error: unknown): boolean =>
  error instanceof ResultCodeError && !(error instanceof BusyError || error instanceof UnavailableError);

/** A connection that is gone already needs no farewell. */
const end = (client: Client): Promise<void> => client.unbind().catch(() => {});

/**
 * One connection, made before the client is: it never makes another by itself, which after StartTLS would be one in
 * the clear.
 */
export async function openClient(host: Host, reach: Reach, patience: Patience): Promise<Client> {
  const options = tlsOptions(host, reach);
  const secure = reach.security === 'ldaps';
  const socket = await established(
    secure ? connectTls({ ...options, port: host.port }) : connectPlain(host),
    secure ? 'secureConnect' : 'connect',
    patience.connectMs,
  );
  const client = new Client({
    url: `${secure ? 'ldaps' : 'ldap'}://${isIP(host.host) === 6 ? `[${host.host}]` : host.host}:${host.port}`,
    timeout: patience.answerMs,
    strictDN: false,
    createConnection: once(socket),
    createSecureConnection: secure ? once(socket as TLSSocket) : connectTls,
  });
  receiveEntries(client);
  if (reach.security !== 'starttls') return client;
  try {
    await within(patience.connectMs, client.startTLS(options));
    return client;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function tlsOptions({ host }: Host, { authorities, serverName }: Reach): ConnectionOptions {
  const name = serverName || host;
  return {
    host,
    ...(isIP(name) === 0 && { servername: name }),
    ...(authorities && { ca: authorities }),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
  };
}

function once<S extends Socket>(socket: S): () => S {
  let isTaken = false;
  return () => {
    if (isTaken) throw new Error('The connection to the directory was lost.');
    isTaken = true;
    return socket;
  };
}

function established<S extends Socket>(socket: S, event: string, ms: number): Promise<S> {
  return new Promise((resolve, reject) => {
    const settle = (answer: () => void) => {
      clearTimeout(timer);
      socket.off('error', fail).off('close', closed).off(event, ready);
      answer();
    };
    const fail = (error: Error) =>
      settle(() => {
        socket.on('error', () => {}).destroy();
        reject(error);
      });
    const closed = () => fail(new Error('The server closed the connection.'));
    const ready = () => settle(() => resolve(socket));
    const timer = setTimeout(() => fail(new TimeoutError(ms)), ms);
    socket.on('error', fail).on('close', closed).on(event, ready);
  });
}

export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  constructor(ms: number) {
    super(`There was no answer within ${ms} ms.`);
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TimeoutError(ms)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
