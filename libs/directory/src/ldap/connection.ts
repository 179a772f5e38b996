import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { Client } from 'ldapts';
import type { DirectorySourceSettings } from '#contracts';
import { HostChoice, type Host } from './host-choice.js';

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

/** Connections to the servers of one directory. Remembers in this process which of them answer. */
export class Connections {
  private readonly choice: HostChoice;

  constructor(
    private readonly reach: Reach,
    private readonly patience: Patience,
  ) {
    this.choice = new HostChoice(reach.hosts);
  }

  /** A connection to the first host that answers, secured as the settings demand. Throws `Unreachable`. */
  private async open(): Promise<{ client: Client; host: Host }> {
    let cause: unknown;
    for (const host of this.choice.order()) {
      try {
        const client = await openClient(host, this.reach, this.patience);
        this.choice.succeeded(host);
        return { client, host };
      } catch (error) {
        this.choice.failed(host);
        cause = error;
      }
    }
    const names = this.reach.hosts.map(({ host, port }) => `${host}:${port}`).join(', ');
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new Unreachable(`No server of the directory (${names}) could be reached: ${said}`, { cause });
  }

  /** Work as an account, over a connection of its own that ends with it. */
  async as<T>(
    dn: string,
    password: string,
    work: (client: Client, server: string) => Promise<T>,
  ): Promise<T> {
    const { client, host } = await this.open();
    try {
      await client.bind(dn, password);
      return await work(client, `${host.host}:${host.port}`);
    } finally {
      // A connection that is gone already needs no farewell.
      await client.unbind().catch(() => {});
    }
  }
}

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
