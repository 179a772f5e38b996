import { Dexie, type Table } from 'dexie';
import {
  widened,
  type ClientStore,
  type LogMark,
  type LogRange,
  type OutboxItem,
  type StoredPosition,
  type StoredState,
} from '#client';
import type { ConversationEvent } from '#contracts';

interface EventRow {
  conversationId: string;
  seq: number;
  event: ConversationEvent;
}

interface KeptRow {
  key: string;
  value: unknown;
}

/** Above every seq. */
const beyond = Number.MAX_SAFE_INTEGER;

type Tables = {
  logs: Table<LogMark, string>;
  events: Table<EventRow, [string, number]>;
  outbox: Table<OutboxItem, string>;
  kept: Table<KeptRow, string>;
};

/** What this browser keeps of one person, so that what was read is there without a network. */
export class BrowserStore implements ClientStore {
  private readonly db: Dexie & Tables;

  constructor(personId: string) {
    this.db = new Dexie(`chancery-${personId}`) as Dexie & Tables;
    this.db.version(1).stores({
      logs: 'conversationId',
      events: '[conversationId+seq]',
      outbox: 'clientId',
      kept: 'key',
    });
  }

  async open(): Promise<StoredState> {
    const [position, logs, outbox] = await Promise.all([
      this.recall<StoredPosition>('position'),
      this.db.logs.toArray(),
      this.db.outbox.toArray(),
    ]);
    return { position, logs, outbox };
  }

  write(mark: LogMark, events: readonly ConversationEvent[]): Promise<void> {
    const { logs, events: rows } = this.db;
    return this.db.transaction('rw', logs, rows, async () => {
      const { conversationId } = mark;
      await rows.bulkPut(events.map((event) => ({ conversationId, seq: event.seq, event })));
      await logs.put(widened(mark, await logs.get(conversationId)));
    });
  }

  cut(mark: LogMark): Promise<void> {
    const { conversationId, start, cursor } = mark;
    const { logs, events } = this.db;
    return this.db.transaction('rw', logs, events, async () => {
      await this.between(conversationId, 0, start).delete();
      await this.between(conversationId, cursor + 1, beyond).delete();
      await logs.put(mark);
    });
  }

  drop(conversationId: string): Promise<void> {
    const { logs, events } = this.db;
    return this.db.transaction('rw', logs, events, async () => {
      await this.between(conversationId, 0, beyond).delete();
      await logs.delete(conversationId);
    });
  }

  async read(conversationId: string, { after, before, limit }: LogRange): Promise<ConversationEvent[]> {
    const rows =
      before === undefined
        ? await this.between(conversationId, (after ?? 0) + 1, beyond)
            .limit(limit)
            .toArray()
        : (
            await this.between(conversationId, 0, before - 1)
              .reverse()
              .limit(limit)
              .toArray()
          ).reverse();
    return rows.map(({ event }) => event);
  }

  storePosition(position: StoredPosition): Promise<void> {
    return this.keep('position', position);
  }

  async putOutbox(item: OutboxItem): Promise<void> {
    await this.db.outbox.put(item);
  }

  async removeOutbox(clientId: string): Promise<void> {
    await this.db.outbox.delete(clientId);
  }

  async clear(): Promise<void> {
    await this.db.delete();
  }

  /** Keeps what only makes the next start look right at once. */
  async keep(key: string, value: unknown): Promise<void> {
    await this.db.kept.put({ key, value });
  }

  async recall<T>(key: string): Promise<T | undefined> {
    return (await this.db.kept.get(key))?.value as T | undefined;
  }

  private between(conversationId: string, from: number, to: number) {
    return this.db.events
      .where('[conversationId+seq]')
      .between([conversationId, from], [conversationId, to], true, true);
  }
}
