import type { ConversationEvent, ConversationKind, FileInfo, MessageBody } from '#contracts';
import type { RefusedError } from './errors.js';

/** How far the log of a conversation is kept: every event above `start` up to `cursor`. */
export interface LogMark {
  conversationId: string;
  kind: ConversationKind | null;
  start: number;
  cursor: number;
}

/** Up to where everything of this person's was received, in the words of the service. */
export interface StoredPosition {
  epoch: string;
  position: string;
}

export interface OutboxItem {
  clientId: string;
  conversationId: string;
  body: MessageBody;
  replyTo?: string;
  /** What a screen shows of a file until the log has it. */
  file?: FileInfo;
  /** Milliseconds since 1970. */
  createdAt: number;
  /** Place among all items of this outbox. */
  order: number;
  /** sent: the service has it, at `seq`, but it has not come back as an event yet. */
  state: 'waiting' | 'sent' | 'failed';
  seq?: number;
  reason?: Pick<RefusedError, 'code' | 'details'>;
}

export interface StoredState {
  position: StoredPosition | undefined;
  logs: LogMark[];
  outbox: OutboxItem[];
}

export interface LogRange {
  /** Events above this seq, the lowest first. */
  after?: number;
  /** Instead: the events directly below this seq. Given in ascending order as well. */
  before?: number;
  limit: number;
}

/**
 * What a device keeps of one person. A promise resolves when the change would survive the end of the process, as
 * far as the store survives it at all. Changes take effect in the order of the calls, whoever waits for them or not.
 */
export interface ClientStore {
  open(): Promise<StoredState>;
  /** Adds events and widens the mark to cover them, both or neither. */
  write(mark: LogMark, events: readonly ConversationEvent[]): Promise<void>;
  /** Keeps of a log only what lies above `start` up to `cursor`. */
  cut(mark: LogMark): Promise<void>;
  drop(conversationId: string): Promise<void>;
  read(conversationId: string, range: LogRange): Promise<ConversationEvent[]>;
  storePosition(position: StoredPosition): Promise<void>;
  putOutbox(item: OutboxItem): Promise<void>;
  removeOutbox(clientId: string): Promise<void>;
  /** Forgets everything. */
  clear(): Promise<void>;
}

interface KeptLog {
  mark: LogMark;
  events: Map<number, ConversationEvent>;
}

/** Keeps everything for as long as the process lives. */
export class MemoryStore implements ClientStore {
  private position: StoredPosition | undefined;
  private readonly logs = new Map<string, KeptLog>();
  private readonly outbox = new Map<string, OutboxItem>();

  open(): Promise<StoredState> {
    return Promise.resolve({
      position: this.position,
      logs: [...this.logs.values()].map(({ mark }) => ({ ...mark })),
      outbox: [...this.outbox.values()].map((item) => ({ ...item })),
    });
  }

  write(mark: LogMark, events: readonly ConversationEvent[]): Promise<void> {
    const log = this.logs.get(mark.conversationId);
    const kept = log?.events ?? new Map<number, ConversationEvent>();
    for (const event of events) kept.set(event.seq, event);
    this.logs.set(mark.conversationId, { mark: widened(mark, log?.mark), events: kept });
    return Promise.resolve();
  }

  cut(mark: LogMark): Promise<void> {
    const kept = [...(this.logs.get(mark.conversationId)?.events ?? [])].filter(
      ([seq]) => seq > mark.start && seq <= mark.cursor,
    );
    this.logs.set(mark.conversationId, { mark: { ...mark }, events: new Map(kept) });
    return Promise.resolve();
  }

  drop(conversationId: string): Promise<void> {
    this.logs.delete(conversationId);
    return Promise.resolve();
  }

  read(conversationId: string, { after, before, limit }: LogRange): Promise<ConversationEvent[]> {
    const log = this.logs.get(conversationId);
    if (!log) return Promise.resolve([]);
    const { start, cursor } = log.mark;
    const last = Math.min(cursor, before === undefined ? (after ?? start) + limit : before - 1);
    const first = before === undefined ? (after ?? start) + 1 : before - limit;
    const events: ConversationEvent[] = [];
    for (let seq = Math.max(first, start + 1); seq <= last; seq += 1) {
      const event = log.events.get(seq);
      if (event) events.push(event);
    }
    return Promise.resolve(events);
  }

  storePosition(position: StoredPosition): Promise<void> {
    this.position = { ...position };
    return Promise.resolve();
  }

  putOutbox(item: OutboxItem): Promise<void> {
    this.outbox.set(item.clientId, { ...item });
    return Promise.resolve();
  }

  removeOutbox(clientId: string): Promise<void> {
    this.outbox.delete(clientId);
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.position = undefined;
    this.logs.clear();
    this.outbox.clear();
    return Promise.resolve();
  }
}

/**
 * Two windows of one browser may write the same log; neither narrows what the other one stored. Where there is a hole
 * between the two, only the later stretch counts.
 */
export function widened(mark: LogMark, known: LogMark | undefined): LogMark {
  if (!known) return mark;
  const kind = mark.kind ?? known.kind;
  if (mark.start > known.cursor) return { ...mark, kind };
  if (known.start > mark.cursor) return { ...known, kind };
  return {
    ...mark,
    kind,
    start: Math.min(mark.start, known.start),
    cursor: Math.max(mark.cursor, known.cursor),
  };
}
