import { useEffect, useMemo } from 'react';
import type { ConversationEvent } from '#contracts';
import { Store, useStore } from '../parts/store.js';
import { client } from '../session/service.js';

export interface FeedState {
  status: 'loading' | 'ready' | 'failed';
  error?: unknown;
  /** A stretch of the log, ascending, without a hole. */
  events: readonly ConversationEvent[];
  moreBefore: boolean;
  /** True while the end of the log is not among the events: after following a link to an old place. */
  moreAfter: boolean;
  /** Changes with each fresh start, so that a list can begin anew. */
  generation: number;
}

const pageSize = 60;

/** What the screen shows of one conversation: a stretch of its log that grows at both ends. */
export class Feed {
  readonly state = new Store<FeedState>({
    status: 'loading',
    events: [],
    moreBefore: false,
    moreAfter: false,
    generation: 0,
  });
  private busy = false;

  constructor(
    readonly conversationId: string,
    private readonly around?: number,
  ) {}

  /** @returns stops following */
  open(): () => void {
    void (this.around === undefined ? this.loadNewest() : this.loadAround(this.around));
    const ends = [
      client.on('events', ({ conversationId, events }) => {
        if (conversationId === this.conversationId) void this.append(events);
      }),
      client.on('reset', ({ conversationId }) => {
        if (conversationId === this.conversationId) void this.loadNewest();
      }),
      client.on('synced', () => {
        if (this.state.value.status === 'failed') void this.loadNewest();
      }),
    ];
    return () => ends.forEach((end) => end());
  }

  loadNewest(): Promise<void> {
    return this.begin(async () => {
      const { events, more } = await client.history(this.conversationId, { limit: pageSize });
      return { events, moreBefore: more, moreAfter: false };
    });
  }

  loadAround(seq: number): Promise<void> {
    return this.begin(async () => {
      const half = pageSize / 2;
      const before = await client.history(this.conversationId, { before: seq + 1, limit: half });
      const after = await client.history(this.conversationId, { after: seq, limit: half });
      return {
        events: [...before.events, ...after.events],
        moreBefore: before.more,
        moreAfter: after.more,
      };
    });
  }

  loadBefore(): Promise<void> {
    const [first] = this.state.value.events;
    if (!first || !this.state.value.moreBefore) return Promise.resolve();
    return this.extend(async () => {
      const page = await client.history(this.conversationId, { before: first.seq, limit: pageSize });
      this.state.update((now) => ({
        ...now,
        events: [...page.events, ...now.events],
        moreBefore: page.more && page.events.length > 0,
      }));
    });
  }

  loadAfter(): Promise<void> {
    if (!this.state.value.moreAfter) return Promise.resolve();
    return this.extend(async () => {
      const after = this.lastSeq();
      const page = await client.history(this.conversationId, { after, limit: pageSize });
      this.state.update((now) => ({
        ...now,
        events: continued(now.events, page.events),
        moreAfter: page.more,
      }));
    });
  }

  private lastSeq(): number {
    return this.state.value.events.at(-1)?.seq ?? 0;
  }

  private async append(events: readonly ConversationEvent[]): Promise<void> {
    if (this.state.value.status !== 'ready' || this.state.value.moreAfter) return;
    const last = this.lastSeq();
    const first = events[0]!.seq;
    if (first <= last + 1 || last === 0) {
      this.state.update((now) => ({ ...now, events: continued(now.events, events) }));
      return;
    }
    // The stretch on the screen ended before what is kept here began: what lies between is read.
    this.state.update((now) => ({ ...now, moreAfter: true }));
    await this.loadAfter();
  }

  private async begin(
    read: () => Promise<Omit<FeedState, 'status' | 'error' | 'generation'>>,
  ): Promise<void> {
    this.state.update((now) => ({ ...now, status: now.events.length > 0 ? 'ready' : 'loading' }));
    try {
      const stretch = await read();
      this.state.update((now) => ({
        ...stretch,
        status: 'ready',
        error: undefined,
        generation: now.generation + 1,
      }));
      // What was applied while the stretch was read.
      if (!stretch.moreAfter && client.cursor(this.conversationId) > this.lastSeq()) {
        this.state.update((now) => ({ ...now, moreAfter: true }));
        await this.loadAfter();
      }
    } catch (error) {
      this.state.update((now) => ({ ...now, status: 'failed', error }));
    }
  }

  private async extend(read: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await read();
    } catch (error) {
      // The list asks again at the next scroll; what is shown stays.
      this.state.update((now) => ({ ...now, error }));
    } finally {
      this.busy = false;
    }
  }
}

function continued(
  events: readonly ConversationEvent[],
  more: readonly ConversationEvent[],
): readonly ConversationEvent[] {
  const last = events.at(-1)?.seq;
  const fresh = last === undefined ? more : more.filter(({ seq }) => seq > last);
  return fresh.length > 0 ? [...events, ...fresh] : events;
}

export function useFeed(conversationId: string, around: number | undefined): [Feed, FeedState] {
  const feed = useMemo(() => new Feed(conversationId, around), [conversationId, around]);
  useEffect(() => feed.open(), [feed]);
  return [feed, useStore(feed.state)];
}
