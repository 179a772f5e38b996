import { Injectable } from '@nestjs/common';
import type { EventOf, EventPage, MessagePage } from '#contracts';
import { AppError, type Principal } from '#platform';
import { Visibility, type VisibleRange } from '../conversations/visibility.service.js';
import { toWire } from '../log/event.js';
import { FittingPage, toSized } from '../log/fitting-page.js';
import { LogReader } from '../log/log-reader.service.js';

const digestedAtOnce = 100_000;

/** Where a screen of messages begins; without a place it shows the newest. */
export interface ScreenQuery {
  before?: number;
  after?: number;
  around?: number;
  at?: string;
  limit: number;
}

/** The log of a conversation and what it says, for those who may see it. Throws `conversation.not_a_member`. */
@Injectable()
export class Reading {
  constructor(
    private readonly visibility: Visibility,
    private readonly reader: LogReader,
  ) {}

  /** Events after a seq, ascending, as many as fit into a page. */
  async eventsAfter(by: Principal, conversationId: string, after: number, limit: number): Promise<EventPage> {
    const range = await this.visibility.require(by.id, conversationId);
    const from = Math.max(after, range.floorSeq);
    const page = new FittingPage(limit);
    for (let at = from; at < range.headSeq && page.nextPiece > 0;) {
      const entries = await this.reader.range(conversationId, at, range.headSeq, page.nextPiece);
      if (entries.length === 0) break;
      page.take(entries.map(toSized));
      at = entries.at(-1)!.seq;
    }
    const { events } = page;
    const last = events.at(-1)?.seq ?? from;
    return { events, floorSeq: range.floorSeq, headSeq: range.headSeq, more: last < range.headSeq };
  }

  /** Events directly below a seq, ascending; of those that do not fit the oldest are left for the next page. */
  async eventsBefore(
    by: Principal,
    conversationId: string,
    before: number,
    limit: number,
  ): Promise<EventPage> {
    const range = await this.visibility.require(by.id, conversationId);
    const upTo = Math.min(before - 1, range.headSeq);
    const page = new FittingPage(limit);
    for (let at = upTo; at > range.floorSeq && page.nextPiece > 0;) {
      const from = Math.max(at - page.nextPiece, range.floorSeq);
      const entries = await this.reader.range(conversationId, from, at, at - from);
      page.take(entries.toReversed().map(toSized));
      at = from;
    }
    const events = page.events.toReversed();
    const first = events[0]?.seq ?? upTo + 1;
    return { events, floorSeq: range.floorSeq, headSeq: range.headSeq, more: first - 1 > range.floorSeq };
  }

  /** Messages as they are now, for a screen. */
  async messages(by: Principal, conversationId: string, query: ScreenQuery): Promise<MessagePage> {
    const range = await this.visibility.require(by.id, conversationId);
    const { older, newer } = await this.screen(range, query);
    const shown = [...older.entries, ...newer.entries];
    return {
      items: shown.map((entry) => toWire(entry) as EventOf<'message.created'>),
      asOfSeq: range.headSeq,
      floorSeq: range.floorSeq,
      moreBefore: older.more,
      moreAfter: newer.more,
    };
  }

  /** Digest of a stretch the caller holds. */
  async digest(by: Principal, conversationId: string, fromSeq: number, toSeq: number) {
    const range = await this.visibility.require(by.id, conversationId);
    if (toSeq - fromSeq > digestedAtOnce) {
      const issues = [{ path: 'toSeq', message: `must be at most ${digestedAtOnce} above fromSeq` }];
      throw new AppError('request.malformed', { details: { issues } });
    }
    return this.reader.digest(
      conversationId,
      Math.max(fromSeq, range.floorSeq + 1),
      Math.min(toSeq, range.headSeq),
    );
  }

  private async screen(range: VisibleRange, { before, after, around, at, limit }: ScreenQuery) {
    const none = { entries: [], more: false };
    if (after !== undefined) {
      const newer = await this.newer(range, after, limit);
      return { older: { entries: [], more: after > range.floorSeq }, newer };
    }
    const middle =
      around ??
      (at === undefined
        ? undefined
        : await this.reader.seqAt(range.conversationId, new Date(at), range.headSeq));
    if (middle === undefined) {
      const end = Math.min(before ?? Infinity, range.headSeq + 1);
      return { older: await this.older(range, end, limit), newer: { ...none, more: end <= range.headSeq } };
    }
    const half = Math.ceil(limit / 2);
    return { older: await this.older(range, middle, half), newer: await this.newer(range, middle - 1, half) };
  }

  /** Messages below a seq. One more than asked tells whether there are further ones. */
  private async older({ conversationId, floorSeq, headSeq }: VisibleRange, before: number, limit: number) {
    const end = Math.min(before, headSeq + 1);
    const entries = await this.reader.messagesBefore(conversationId, end, floorSeq, limit + 1);
    return { entries: entries.slice(-limit), more: entries.length > limit };
  }

  private async newer({ conversationId, floorSeq, headSeq }: VisibleRange, after: number, limit: number) {
    const from = Math.max(after, floorSeq);
    const entries = await this.reader.range(conversationId, from, headSeq, limit + 1, 'message.created');
    return { entries: entries.slice(0, limit), more: entries.length > limit };
  }
}
