import { Injectable } from '@nestjs/common';
import { limits, type SyncAnswer, type SyncRequest, type SyncedConversation } from '#contracts';
import type { Principal } from '#platform';
import { rangeOf } from '../conversations/visibility.service.js';
import { clockSlackMs } from '../log/event.js';
import { toWire, type LogEntry } from '../log/event.js';
import { LogReader } from '../log/log-reader.service.js';
import { fitting, sizeOf } from '../messages/reading.service.js';
import { decodePosition, encodePosition, type Place } from './position.js';
import { SyncStore, type ChangedConversation } from './sync.store.js';

/** Events of one conversation in a page of many; whoever missed more pulls them. */
const eventsEach = 50;

/** An answer, or the news that the log was restored and positions of before mean nothing. */
export type SyncOutcome =
  | {
      answer: SyncAnswer;
      /** On the last page: where the log stood when it was read. Nothing of the person's before is missing. */
      completeUpTo?: number;
    }
  | { reset: string };

/** What a device has missed, page by page, from one opaque position, on any process. */
@Injectable()
export class Sync {
  constructor(
    private readonly store: SyncStore,
    private readonly reader: LogReader,
  ) {}

  /** A position that says: everything up to here. @param at time of the head there, in milliseconds */
  positionAt(epoch: string, pos: number, at: number): string {
    return encodePosition({ e: epoch, pos, at });
  }

  /** Throws `sync.position_invalid`. */
  requirePosition(position: string): void {
    decodePosition(position);
  }

  epoch(): Promise<string> {
    return this.store.epoch();
  }

  /** Throws `sync.position_invalid`. */
  async page(by: Principal, request: SyncRequest): Promise<SyncOutcome> {
    const epoch = await this.epoch();
    const place = request.since === undefined ? undefined : decodePosition(request.since);
    if (place && place.e !== epoch) return { reset: epoch };
    // The head is read first: what is committed afterwards may be in the answer too, but nothing before is missing.
    const head = await this.store.head();
    const answer =
      place && !('below' in place)
        ? await this.changes(by.id, place, head, request)
        : await this.firstPages(by.id, place ?? { e: epoch, pos: head.pos, at: head.at, below: -1 }, request);
    return answer.more ? { answer } : { answer, completeUpTo: head.pos };
  }

  /** On a known device: the conversations that changed, in the order of their heads, until none is left. */
  private async changes(
    personId: string,
    place: Extract<Place, { seen?: number | undefined }>,
    head: { pos: number; at: number },
    { limit, window }: SyncRequest,
  ): Promise<SyncAnswer> {
    const { e, pos, at, seen = 0 } = place;
    const changed = await this.store.changed(personId, { pos, at }, seen, limit);
    const conversations = await this.present(changed, at, window);
    const last = changed.at(-1);
    if (changed.length < limit || !last) {
      return {
        conversations,
        position: encodePosition({ e, pos: Math.max(pos, head.pos), at: Math.max(at, head.at) }),
        more: false,
      };
    }
    return { conversations, position: encodePosition({ e, pos, at, seen: last.headPos }), more: true };
  }

  /** On a new device: everything, newest first; what changes meanwhile follows from the position of the beginning. */
  private async firstPages(
    personId: string,
    place: { e: string; pos: number; at: number; below: number },
    { limit, window }: SyncRequest,
  ): Promise<SyncAnswer> {
    const { e, pos, at, below } = place;
    const newest = await this.store.newest(personId, below === -1 ? null : below, limit);
    const conversations = await this.present(newest, null, window);
    const last = newest.at(-1);
    const isLast = newest.length < limit || !last;
    const next: Place = isLast
      ? { e, pos, at }
      : { e, pos, at, below: last.kind === 'account' ? pos + 1 : last.headPos };
    return { conversations, position: encodePosition(next), more: true };
  }

  private async present(
    changed: ChangedConversation[],
    at: number | null,
    window: number | undefined,
  ): Promise<SyncedConversation[]> {
    const wanted = changed.map((conversation) => wantedOf(conversation, window));
    const entries = await this.reader.stretches(
      wanted,
      at === null ? null : new Date(at - clockSlackMs),
      eventsEach,
    );
    let bytesLeft: number = limits.eventsBytes;
    return changed.map((conversation, i) => {
      const { floorSeq, headSeq } = rangeOf(conversation);
      const { after } = wanted[i]!;
      const events =
        bytesLeft > 0 ? fittingInto(entries.get(conversation.conversationId) ?? [], bytesLeft) : [];
      for (const event of events) bytesLeft -= sizeOf(event);
      const last = events.at(-1)?.seq ?? after;
      return {
        id: conversation.conversationId,
        kind: conversation.kind,
        floorSeq,
        headSeq,
        prevSeq: after,
        events,
        more: last < headSeq,
      };
    });
  }
}

const fittingInto = (entries: LogEntry[], bytes: number) => fitting(entries.map(toWire), bytes);

/** Of a conversation that is new to the device only the newest events, where a window is asked. */
function wantedOf(conversation: ChangedConversation, window: number | undefined) {
  const { conversationId, firstNewSeq } = conversation;
  const { floorSeq, headSeq } = rangeOf(conversation);
  const isNew = firstNewSeq === conversation.joinedSeq;
  const from = isNew && window !== undefined ? Math.max(floorSeq, headSeq - window) : firstNewSeq - 1;
  return { conversationId, after: Math.max(from, floorSeq), upTo: headSeq };
}
