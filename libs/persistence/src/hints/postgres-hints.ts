import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { logger } from '#platform';
import { Hints, type HintTopic } from './hints.js';

const log = logger('persistence');
const channel = 'chancery_hints';
/** NOTIFY carries less than 8,000 bytes. */
const payloadCharacters = 1800;
const outboxSize = 10_000;
const reconnectMs = 500;

interface Envelope {
  from: string;
  hints: [HintTopic, string][];
}

/**
 * The bus of one machine: LISTEN and NOTIFY of PostgreSQL. Hints are sent after the commit, over a connection of
 * their own and several in one statement, because a NOTIFY inside a transaction takes a server-wide lock at commit.
 * That commit waits for no disk: a hint that is lost costs nothing, and the commits of messages share the disk with it.
 */
export class PostgresHints extends Hints {
  private readonly id = randomUUID();
  private client: Client | undefined;
  private outbox: [HintTopic, string][] = [];
  private sending = false;
  private closed = false;

  constructor(private readonly url: string) {
    super();
  }

  async open(): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      application_name: 'chancery hints',
      options: '-c synchronous_commit=off',
      keepAlive: true,
    });
    client.on('error', (err) => this.lost(client, err));
    client.on('end', () => this.lost(client));
    client.on('notification', ({ payload }) => this.receive(payload ?? ''));
    await client.connect();
    await client.query(`listen ${channel}`);
    this.client = client;
    void this.flush();
  }

  async close(): Promise<void> {
    this.closed = true;
    const client = this.client;
    this.client = undefined;
    await client?.end();
  }

  protected send(topic: HintTopic, message: string): void {
    // Beyond its bound a hint is dropped: the readers poll once a second in any case.
    if (this.outbox.length < outboxSize) this.outbox.push([topic, message]);
    void this.flush();
  }

  private async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      while (this.client && this.outbox.length > 0) {
        await this.client.query('select pg_notify($1, $2)', [channel, this.nextPayload()]);
      }
    } catch (err) {
      log.debug({ err }, 'hints could not be sent');
    } finally {
      this.sending = false;
    }
  }

  private nextPayload(): string {
    const hints: [HintTopic, string][] = [];
    let size = 0;
    while (this.outbox.length > 0 && size < payloadCharacters) {
      const hint = this.outbox.shift()!;
      // The same hint twice in a row says nothing new.
      const [topic, message] = hints.at(-1) ?? [];
      if (topic === hint[0] && message === hint[1]) continue;
      hints.push(hint);
      size += hint[1].length + 20;
    }
    return JSON.stringify({ from: this.id, hints } satisfies Envelope);
  }

  private receive(payload: string): void {
    const { from, hints } = JSON.parse(payload) as Envelope;
    if (from === this.id) return;
    for (const [topic, message] of hints) this.hear(topic, message);
  }

  private lost(client: Client, err?: Error): void {
    if (this.client !== client) return;
    this.client = undefined;
    if (this.closed) return;
    log.warn({ err }, 'the hint connection was lost');
    this.reconnect();
  }

  private reconnect(): void {
    setTimeout(() => {
      if (!this.closed) this.open().catch(() => this.reconnect());
    }, reconnectMs).unref();
  }
}
