import type { ConversationEvent, ConversationKind, EventPage, SyncedConversation } from '#contracts';
import type { Counters } from './counters.js';
import { digestOf } from './digest.js';
import { RefusedError } from './errors.js';
import type { ClientStore, LogMark } from './store.js';
import { Timeline, type Delivery } from './timeline.js';
import type { Ask } from './sync.js';

/** Events of one pull and of one digest. */
const pageEvents = 500;

export interface LogsHooks {
  ask: Ask;
  /** Events were applied and stored. */
  onApplied(conversationId: string, kind: ConversationKind | null, events: ConversationEvent[]): void;
  /** What was applied above a seq is not true any more; what is, is applied again. */
  onDropped(conversationId: string, aboveSeq: number): void;
}

interface Log {
  kind: ConversationKind | null;
  timeline: Timeline;
}

/** The timelines of all conversations over the store: what is applied was stored before. Called by one at a time. */
export class Logs {
  private readonly logs = new Map<string, Log>();

  constructor(
    private readonly store: ClientStore,
    private readonly counters: Counters,
    private readonly hooks: LogsHooks,
  ) {}

  load(marks: readonly LogMark[]): void {
    for (const { conversationId, kind, start, cursor } of marks) {
      this.logs.set(conversationId, { kind, timeline: new Timeline(start, cursor) });
    }
  }

  ids(): string[] {
    return [...this.logs.keys()];
  }

  find(conversationId: string): Timeline | undefined {
    return this.logs.get(conversationId)?.timeline;
  }

  mark(conversationId: string): LogMark | undefined {
    const log = this.logs.get(conversationId);
    return log && markOf(conversationId, log);
  }

  /** One conversation of an answer of `sync`. @param isWindowed older events may stay on the service */
  async take(synced: SyncedConversation, isWindowed: boolean): Promise<void> {
    const start = isWindowed ? Math.max(synced.prevSeq, synced.floorSeq) : synced.floorSeq;
    const log = this.require(synced.id, start);
    log.kind = synced.kind;
    await this.raiseFloor(synced.id, log, synced.floorSeq);
    const isWhole = await this.apply(synced.id, log, synced);
    if (!isWhole || synced.more) await this.pull(synced.id);
  }

  /** A push. What is missing before it is pulled first. */
  async receive(conversationId: string, delivery: Delivery): Promise<void> {
    // Nothing was missed of a conversation that is new: its log is read from where it begins for us.
    if (!this.logs.has(conversationId) && delivery.prevSeq > 0) return this.pull(conversationId);
    const isWhole = await this.apply(conversationId, this.require(conversationId, 0), delivery);
    if (!isWhole) await this.pull(conversationId);
  }

  /** Reads on after the cursor to the end of the log. */
  async pull(conversationId: string): Promise<void> {
    const log = this.require(conversationId, 0);
    for (;;) {
      const after = log.timeline.cursor;
      const page = await this.pageAfter(conversationId, after);
      await this.raiseFloor(conversationId, log, page.floorSeq);
      const delivery = { prevSeq: Math.max(after, page.floorSeq), events: page.events };
      const isWhole = await this.apply(conversationId, log, delivery);
      if (!isWhole) throw new Error(`the log of ${conversationId} has a hole after ${log.timeline.cursor}`);
      if (!page.more) return;
      if (log.timeline.cursor === after) throw new Error(`the log of ${conversationId} does not go on`);
    }
  }

  /** Where a log begins and ends for this person; undefined where it does not exist for them. */
  async endsOf(conversationId: string): Promise<Pick<EventPage, 'floorSeq' | 'headSeq'> | undefined> {
    const after = this.find(conversationId)?.cursor ?? 0;
    try {
      return await this.hooks.ask('events.pull', { conversationId, after, limit: 1 });
    } catch (error) {
      if (error instanceof RefusedError && error.code === 'conversation.not_a_member') return undefined;
      throw error;
    }
  }

  /** Older events directly below what is kept here. */
  async extendDown(conversationId: string, start: number, events: ConversationEvent[]): Promise<void> {
    const log = this.logs.get(conversationId);
    const before = log?.timeline.start ?? 0;
    if (!log || start >= before || events.at(-1)?.seq !== before) return;
    await this.store.write({ ...markOf(conversationId, log), start }, events);
    const now = this.logs.get(conversationId);
    if (now === log && log.timeline.start === before) log.timeline.extendDown(start);
    // Meanwhile the log was cut or dropped, and these events no longer join it.
    else if (now) await this.store.cut(markOf(conversationId, now));
    else await this.store.drop(conversationId);
  }

  /** Keeps nothing above a seq. */
  async cutAbove(conversationId: string, headSeq: number): Promise<void> {
    const log = this.logs.get(conversationId);
    if (!log || log.timeline.cursor <= headSeq) return;
    const { start } = log.timeline;
    await this.store.cut({
      ...markOf(conversationId, log),
      start: Math.min(start, headSeq),
      cursor: headSeq,
    });
    log.timeline.cutAbove(headSeq);
    this.hooks.onDropped(conversationId, headSeq);
  }

  async drop(conversationId: string): Promise<void> {
    this.logs.delete(conversationId);
    await this.store.drop(conversationId);
    this.hooks.onDropped(conversationId, 0);
  }

  /** The log here is wrong: it is written over with what the service has, and until then stays as it is. */
  async readAgain(conversationId: string): Promise<void> {
    const log = this.logs.get(conversationId);
    if (!log) return;
    this.hooks.onDropped(conversationId, 0);
    const again = new Timeline(log.timeline.start);
    for (let more = true; more;) {
      const page = await this.pageAfter(conversationId, again.cursor);
      await this.raiseFloor(conversationId, log, page.floorSeq);
      await this.cutAbove(conversationId, page.headSeq);
      again.raiseFloor(page.floorSeq);
      const { fresh, gap } = again.fit({ prevSeq: again.cursor, events: page.events });
      if (gap) throw new Error(`the log of ${conversationId} has a hole after ${again.cursor}`);
      again.advance(fresh);
      await this.keep(conversationId, log, fresh);
      more = page.more && fresh.length > 0;
    }
  }

  /** Compares what is kept here with the service, event by event. @returns whether they are the same */
  async isIntact(conversationId: string): Promise<boolean> {
    const timeline = this.find(conversationId);
    if (!timeline) return true;
    for (let after = timeline.start; after < timeline.cursor; after += pageEvents) {
      const toSeq = Math.min(timeline.cursor, after + pageEvents);
      const kept = await this.store.read(conversationId, { after, limit: toSeq - after });
      const theirs = await this.hooks.ask('events.digest', { conversationId, fromSeq: after + 1, toSeq });
      if (theirs.count !== kept.length || theirs.digest !== digestOf(kept)) {
        this.counters.digestMismatches += 1;
        return false;
      }
    }
    return true;
  }

  private pageAfter(conversationId: string, after: number): Promise<EventPage> {
    return this.hooks.ask('events.pull', { conversationId, after, limit: pageEvents });
  }

  private require(conversationId: string, start: number): Log {
    const log = this.logs.get(conversationId) ?? { kind: null, timeline: new Timeline(start) };
    this.logs.set(conversationId, log);
    return log;
  }

  /** @returns false where something is missing before the rest of the delivery */
  private async apply(conversationId: string, log: Log, delivery: Delivery): Promise<boolean> {
    const { fresh, duplicates, gap } = log.timeline.fit(delivery);
    this.counters.duplicatesDropped += duplicates;
    if (gap) this.counters.gapsPulled += 1;
    log.kind ??= kindIn(fresh);
    await this.keep(conversationId, log, fresh);
    return !gap;
  }

  /** Events that join the log, or are part of it already: stored first, then they count. */
  private async keep(conversationId: string, log: Log, events: ConversationEvent[]): Promise<void> {
    const last = events.at(-1);
    if (!last) return;
    const { cursor } = log.timeline;
    const mark = { ...markOf(conversationId, log), cursor: Math.max(cursor, last.seq) };
    await this.store.write(mark, events);
    log.timeline.advance(events.filter(({ seq }) => seq > cursor));
    this.counters.applied += events.length;
    this.hooks.onApplied(conversationId, log.kind, events);
  }

  private async raiseFloor(conversationId: string, log: Log, floorSeq: number): Promise<void> {
    const { start, cursor } = log.timeline;
    if (floorSeq <= start) return;
    const raised = { start: floorSeq, cursor: Math.max(cursor, floorSeq) };
    await this.store.cut({ ...markOf(conversationId, log), ...raised });
    log.timeline.raiseFloor(floorSeq);
  }
}

/** What a log is, as far as its events tell; pushes do not say it. */
function kindIn([first]: readonly ConversationEvent[]): ConversationKind | null {
  if (first?.type === 'conversation.created') return first.kind;
  return first?.type.startsWith('account.') ? 'account' : null;
}

const markOf = (conversationId: string, { kind, timeline }: Log): LogMark => ({
  conversationId,
  kind,
  start: timeline.start,
  cursor: timeline.cursor,
});
