import { Injectable } from '@nestjs/common';
import type { ConversationEvent, EventType } from '#contracts';
import { Replicated } from '#persistence';
import { Contents } from './content.service.js';
import type { EventRecord, LogEntry, MessageContent } from './event.js';
import { FittingPage, toSized } from './fitting-page.js';
import { LogReaderStore, type WantedStretch } from './log-reader.store.js';

/**
 * Reads the log with what messages say now, or why they say nothing. Nothing is read that a failover could take back.
 * Rights are the caller's to look after.
 */
@Injectable()
export class LogReader {
  constructor(
    private readonly store: LogReaderStore,
    private readonly contents: Contents,
    private readonly replicated: Replicated,
  ) {}

  /** Events with after < seq ≤ upTo, ascending, at most `limit`. Fewer may come; the caller goes on from the last. */
  async range(
    conversationId: string,
    after: number,
    upTo: number,
    limit: number,
    type?: EventType,
  ): Promise<LogEntry[]> {
    return this.withContents(await this.store.range(conversationId, after, upTo, limit, type));
  }

  /** Messages with seq < before, the newest `limit` of them, ascending; `floor` is below all of them. */
  async messagesBefore(
    conversationId: string,
    before: number,
    floor: number,
    limit: number,
  ): Promise<LogEntry[]> {
    return this.withContents(await this.store.messagesBefore(conversationId, before, floor, limit));
  }

  /** The first seq whose event is not older than a time; the one after the last when all are. */
  seqAt(conversationId: string, at: Date, headSeq: number): Promise<number> {
    return this.store.seqAt(conversationId, at, headSeq);
  }

  /**
   * Everything after a position, in the order of the log. @param since time of the position, in milliseconds
   * @param lastId id of the event at the position, where there is one
   * @returns undefined where another event, or none, is at the position
   */
  async tail(after: number, since: number, limit: number, lastId?: string): Promise<LogEntry[] | undefined> {
    const records = await this.store.from(lastId === undefined ? after + 1 : after, since, limit + 1);
    if (lastId === undefined) return this.withContents(records);
    const [last, ...rest] = records;
    return last?.id === lastId ? this.withContents(rest) : undefined;
  }

  /** The event of a position, if it is one. @param since time of the head there, in milliseconds */
  async entryAt(pos: number, since: number): Promise<EventRecord | undefined> {
    const [record] = await this.store.from(pos, since, 1);
    return record?.pos === pos ? record : undefined;
  }

  /** SHA-256 over seq and event id of every event of a range, and how many there are. */
  digest(conversationId: string, from: number, to: number): Promise<{ digest: string; count: number }> {
    return this.store.digest(conversationId, from, to);
  }

  /** The event that brought a message into a conversation. @param madeAt when its id was made, in milliseconds */
  findMessage(conversationId: string, messageId: string, madeAt: number): Promise<EventRecord | undefined> {
    return this.store.findMessage(conversationId, messageId, madeAt);
  }

  /**
   * For several answers at once: the first `each` events of the stretches of each, in the order of the stretches, as
   * many as fit into the answer, by conversation.
   */
  async pages(
    wanted: readonly (readonly WantedStretch[])[],
    each: number,
  ): Promise<Map<string, ConversationEvent[]>[]> {
    const { stretches, places } = distinct(wanted);
    const found = await this.store.stretches(stretches, each);
    const answers = places.map((own) => ({
      records: own.flatMap((place) => found[place]!),
      taken: 0,
      page: new FittingPage(Infinity),
    }));
    for (;;) {
      const pieces = answers.map(({ records, taken, page }) => records.slice(taken, taken + page.nextPiece));
      if (pieces.every(({ length }) => length === 0)) return answers.map(({ page }) => page.byConversation());
      // Who came back at the same time missed much of the same.
      const records = [...new Set(pieces.flat())];
      const entries = await this.withContents(records);
      const events = new Map(records.map((record, i) => [record, toSized(entries[i]!)]));
      answers.forEach((answer, i) => {
        answer.page.take(pieces[i]!.map((record) => events.get(record)!));
        answer.taken += pieces[i]!.length;
      });
    }
  }

  /** One event of each of these conversations; the time of each is known exactly. */
  async at(
    places: readonly { conversationId: string; seq: number; at: Date }[],
  ): Promise<Map<string, LogEntry>> {
    const entries = await this.withContents(await this.store.at(places));
    return new Map(entries.map((entry) => [entry.conversationId, entry]));
  }

  private async withContents(records: EventRecord[]): Promise<LogEntry[]> {
    await this.replicated.through(records.reduce((latest, { pos }) => Math.max(latest, pos), 0));
    const messages = records.filter(({ type, messageId }) => type === 'message.created' && messageId);
    if (messages.length === 0) return records;
    const changed = await this.store.states(messages.map(({ messageId }) => messageId!));
    const states = new Map(changed.map((state) => [state.messageId, state]));
    const contents = await this.open(
      messages.filter(({ messageId }) => !states.get(messageId!)?.state),
      states,
    );
    return records.map((record) => {
      if (record.type !== 'message.created' || !record.messageId) return record;
      const state = states.get(record.messageId)?.state;
      const content: MessageContent = state
        ? { state }
        : (contents.get(record.messageId) ?? { state: 'expired' });
      return { ...record, content };
    });
  }

  /** The last version of each. */
  private async open(messages: EventRecord[], states: ReadonlyMap<string, { version: number }>) {
    const stored = await this.store.contents(messages);
    return this.contents.open(
      stored.filter(({ messageId, version }) => version === (states.get(messageId)?.version ?? 1)),
    );
  }
}

/** Each stretch once, however many answers want it, and where each answer finds its own. */
function distinct(wanted: readonly (readonly WantedStretch[])[]) {
  const known = new Map<string, number>();
  const stretches: WantedStretch[] = [];
  const places = wanted.map((own) =>
    own.map((stretch) => {
      const { conversationId, after, upTo, notBefore } = stretch;
      const name = `${conversationId} ${after} ${upTo} ${notBefore?.getTime()}`;
      const place = known.get(name) ?? stretches.push(stretch) - 1;
      known.set(name, place);
      return place;
    }),
  );
  return { stretches, places };
}
