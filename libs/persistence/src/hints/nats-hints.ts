import { connect, type NatsConnection } from '@nats-io/transport-node';
import { logger } from '#platform';
import { withinBus } from './bus-sockets.js';
import { Hints, type HintTopic } from './hints.js';

const log = logger('persistence');
const connectMs = 2000;
const reconnectMs = 500;

/** Servers as they stand in the setting: several separated by commas, credentials in the first one. */
export interface NatsOptions {
  url: string;
  /** Of this installation alone, so that several may share a bus. */
  subject: string;
}

/**
 * The bus of a cluster: NATS. A hint that is published while the bus is away is dropped, because the readers look for
 * themselves once a second in any case; nothing is kept for a bus that does not come back.
 */
export class NatsHints extends Hints {
  private connection: NatsConnection | undefined;
  private isConnected = false;
  private closed = false;

  constructor(private readonly options: NatsOptions) {
    super();
  }

  /** A bus that is away does not keep the process from starting: it is tried again for as long as it takes. */
  async open(): Promise<void> {
    try {
      await this.dial();
    } catch (err) {
      log.warn({ err }, 'the bus cannot be reached; readers poll until it can');
      this.dialLater();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.connection?.close();
  }

  protected send(topic: HintTopic, message: string): void {
    if (this.isConnected) this.connection!.publish(`${this.options.subject}.${topic}`, message);
  }

  private async dial(): Promise<void> {
    const { subject } = this.options;
    const connection = await withinBus(() =>
      connect({
        ...serversOf(this.options.url),
        name: 'chancery',
        // Listeners of this process have heard it already.
        noEcho: true,
        timeout: connectMs,
        maxReconnectAttempts: -1,
        reconnectTimeWait: reconnectMs,
        pingInterval: 10_000,
      }),
    );
    if (this.closed) return connection.close();
    this.connection = connection;
    this.isConnected = true;
    connection.subscribe(`${subject}.*`, {
      callback: (err, message) => {
        if (err) log.warn({ err }, 'a hint could not be read');
        else this.hear(message.subject.slice(subject.length + 1) as HintTopic, message.string());
      },
    });
    void this.watch(connection);
    await connection.flush();
  }

  private async watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') {
        this.isConnected = false;
        log.warn('the bus was lost; readers poll until it is back');
      }
      if (type === 'reconnect') this.isConnected = true;
    }
    this.isConnected = false;
    // The client gives up for good only where the server refuses it.
    if (!this.closed) this.dialLater();
  }

  private dialLater(): void {
    setTimeout(() => {
      if (!this.closed) this.dial().catch(() => this.dialLater());
    }, reconnectMs).unref();
  }
}

/** The client takes credentials and encryption apart from addresses. */
function serversOf(url: string) {
  const urls = url.split(',').map((one) => new URL(one.trim()));
  const [first] = urls as [URL];
  const { username, password } = first;
  const user = decodeURIComponent(username);
  return {
    servers: urls.map(({ host }) => host),
    ...(user && (password ? { user, pass: decodeURIComponent(password) } : { token: user })),
    ...(first.protocol === 'tls:' && { tls: {} }),
  };
}
