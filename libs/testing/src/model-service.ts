import { createHash } from 'node:crypto';
import {
  idBytes,
  newId,
  type ClientEventAnswer,
  type ClientEventData,
  type ClientEventName,
  type ConversationEvent,
  type ServerEventData,
} from '#contracts';

interface Row {
  conversationId: string;
  event: ConversationEvent;
}

/** As much of a connection as decides whether a position may be said on it. */
export interface ModelConnection {
  phase: 'catching' | 'live';
  synced: number;
  /** Hears that the position it gave is of another epoch. */
  reset(epoch: string): void;
}

/** Conversations and events of one page of `sync`, small so that every page has a next one. */
const page = { conversations: 2, events: 3 };

/**
 * The service as the contract says it, over a log in memory. Positions are counts of all events, `EPOCH:COUNT`; a page
 * on the way says up to which head it came.
 */
export class ModelService {
  epoch = newId();
  log: Row[] = [];
  private readonly floors = new Map<string, number>();
  private readonly pastFloors = new Set<string>();

  write(conversationId: string, fields: Record<string, unknown> = {}): ConversationEvent {
    const event = {
      id: newId(),
      seq: this.head(conversationId) + 1,
      type: 'message.created',
      at: new Date(0).toISOString(),
      actorId: newId(),
      actorKind: 'person',
      messageId: newId(),
      clientId: newId(),
      body: { type: 'text', text: 'words' },
      ...fields,
    } as ConversationEvent;
    this.log.push({ conversationId, event });
    return event;
  }

  head(conversationId: string): number {
    return this.events(conversationId).length;
  }

  floor(conversationId: string): number {
    return this.floors.get(conversationId) ?? 0;
  }

  raiseFloor(conversationId: string): void {
    this.floors.set(conversationId, this.head(conversationId));
    this.pastFloors.add(`${conversationId} ${this.head(conversationId)}`);
  }

  /** Whether the floor was ever there: an answer may be older than the last one. */
  wasFloor(conversationId: string, seq: number): boolean {
    return this.pastFloors.has(`${conversationId} ${seq}`);
  }

  /** Goes back to an earlier point, as from a backup. */
  restore(count: number): void {
    this.log = this.log.slice(0, count);
    this.epoch = newId();
    for (const [id, floor] of this.floors) if (floor > this.head(id)) this.raiseFloor(id);
  }

  events(conversationId: string): ConversationEvent[] {
    return this.log.filter((row) => row.conversationId === conversationId).map(({ event }) => event);
  }

  /** The delivery of the newest events of a conversation, with a position where that is true. */
  push(conversationId: string, events: ConversationEvent[], on: ModelConnection): ServerEventData<'events'> {
    const isTrue = on.phase === 'live' && this.log.length > on.synced;
    return {
      conversationId,
      prevSeq: events[0]!.seq - 1,
      events,
      ...(isTrue && { position: `${this.epoch}:${this.log.length}` }),
    };
  }

  answer<N extends ClientEventName>(
    name: N,
    data: ClientEventData<N>,
    on: ModelConnection,
  ): ClientEventAnswer<N> {
    const handlers: Record<string, (data: never) => unknown> = {
      sync: (request: ClientEventData<'sync'>) => this.sync(request, on),
      'events.pull': (request: ClientEventData<'events.pull'>) => this.pull(request),
      'events.digest': (request: ClientEventData<'events.digest'>) => this.digest(request),
      'position.stored': () => ({}),
    };
    return handlers[name]!(data as never) as ClientEventAnswer<N>;
  }

  private sync({ since, window }: ClientEventData<'sync'>, on: ModelConnection): ClientEventAnswer<'sync'> {
    const [epoch = this.epoch, count = '0', seen = '0'] = since?.split(':') ?? [];
    if (epoch !== this.epoch) {
      on.reset(this.epoch);
      return { conversations: [], position: since!, more: false };
    }
    const rows = this.log.map((row, i) => ({ ...row, pos: i + 1 }));
    const heads = new Map(rows.map(({ conversationId, pos }) => [conversationId, pos]));
    const changed = [...heads]
      .filter(([, pos]) => pos > Math.max(Number(count), Number(seen)))
      .toSorted(([, a], [, b]) => a - b);
    const conversations = changed.slice(0, page.conversations).map(([id]) => {
      const missed = rows.filter((row) => row.conversationId === id && row.pos > Number(count));
      return this.synced(id, missed[0]!.event.seq, since === undefined ? window : undefined);
    });
    if (changed.length > page.conversations) {
      const next = changed[page.conversations - 1]![1];
      return { conversations, position: `${this.epoch}:${count}:${next}`, more: true };
    }
    on.phase = 'live';
    on.synced = this.log.length;
    return { conversations, position: `${this.epoch}:${this.log.length}`, more: false };
  }

  private synced(id: string, firstNew: number, window: number | undefined) {
    const [floorSeq, headSeq] = [this.floor(id), this.head(id)];
    const from = Math.max(floorSeq, window === undefined ? firstNew - 1 : headSeq - window);
    const events = this.events(id).slice(from, from + page.events);
    return {
      id,
      kind: 'group' as const,
      floorSeq,
      headSeq,
      prevSeq: from,
      events,
      more: from + events.length < headSeq,
    };
  }

  private pull({ conversationId, after, limit = page.events }: ClientEventData<'events.pull'>) {
    const [floorSeq, headSeq] = [this.floor(conversationId), this.head(conversationId)];
    const from = Math.max(after, floorSeq);
    const events = this.events(conversationId).slice(from, from + Math.min(limit, page.events));
    return { events, floorSeq, headSeq, more: from + events.length < headSeq };
  }

  private digest({ conversationId, fromSeq, toSeq }: ClientEventData<'events.digest'>) {
    const from = Math.max(fromSeq, this.floor(conversationId) + 1);
    const events = this.events(conversationId).slice(from - 1, toSeq);
    const hash = createHash('sha256');
    for (const { seq, id } of events) {
      const place = Buffer.alloc(8);
      place.writeBigUInt64BE(BigInt(seq));
      hash.update(place).update(idBytes(id));
    }
    return { digest: hash.digest('base64'), count: events.length };
  }
}
