import type { ConversationEvent } from '#contracts';
import type { Http } from './http.js';
import type { Logs } from './logs.js';
import type { ClientStore } from './store.js';

export interface HistoryRange {
  /** The events directly below this seq. */
  before?: number;
  /** Instead: the events directly above this seq. */
  after?: number;
  limit: number;
}

export interface HistoryPage {
  /** Ascending, without a hole. */
  events: ConversationEvent[];
  /** There are more in the asked direction. */
  more: boolean;
}

/** Stretches of logs for screens. What is kept here is read here; what comes from the service is kept where it fits. */
export class History {
  constructor(
    private readonly http: Http,
    private readonly store: ClientStore,
    private readonly logs: Logs,
  ) {}

  async read(conversationId: string, range: HistoryRange): Promise<HistoryPage> {
    const kept = await this.readKept(conversationId, range);
    if (kept) return kept;
    const isDownward = range.after === undefined;
    const query = isDownward ? { before: Number.MAX_SAFE_INTEGER, ...range } : range;
    const page = await this.http.call('events', { params: { conversationId }, query });
    const [first] = page.events;
    if (isDownward && first) {
      await this.logs.extendDown(conversationId, first.seq - 1, page.events);
    }
    return { events: page.events, more: page.more };
  }

  private async readKept(conversationId: string, range: HistoryRange): Promise<HistoryPage | undefined> {
    const timeline = this.logs.find(conversationId);
    if (!timeline) return undefined;
    const { start, cursor } = timeline;
    const { before, after, limit } = range;
    if (after !== undefined) {
      if (after < start || after >= cursor) return undefined;
      const events = await this.store.read(conversationId, { after, limit });
      return { events, more: (events.at(-1)?.seq ?? after) < cursor };
    }
    const top = before ?? cursor + 1;
    if (top > cursor + 1 || top <= start + 1) return undefined;
    const events = await this.store.read(conversationId, { before: top, limit });
    return events.length > 0 ? { events, more: events[0]!.seq > 1 } : undefined;
  }
}
