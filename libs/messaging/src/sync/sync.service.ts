import { Injectable } from '@nestjs/common';
import type { ConversationEvent, SyncAnswer, SyncRequest, SyncedConversation } from '#contracts';
import { Gathering, type Principal } from '#platform';
import { rangeOf } from '../conversations/visibility.service.js';
import { clockSlackMs } from '../log/event.js';
import { LogReader } from '../log/log-reader.service.js';
import { decodePosition, encodePosition, type Place } from './position.js';
import { SyncStore, type ChangedConversation } from './sync.store.js';

/** Events of one conversation in a page of many; whoever missed more pulls them. */
const eventsEach = 50;

/** An answer, or the news that the log was restored and positions of before mean nothing. */
export type SyncOutcome =
  | {
      epoch: string;
      answer: SyncAnswer;
      /** On the last page: where the log stood when it was read. Nothing of the person's before is missing. */
      completeUpTo?: number;
    }
  | { reset: string };

/** A device that comes back with a position. */
interface Returning {
  personId: string;
  place: Extract<Place, { seen?: number | undefined }>;
  request: SyncRequest;
}

const hourMs = 3_600_000;
const returningTogether = { together: 100, underWay: 2, waiting: 20_000 };
const epochsTogether = { together: 1000, underWay: 1, waiting: 20_000 };

/** What a device has missed, page by page, from one opaque position, on any process. */
@Injectable()
export class Sync {
  /** Thousands of devices that come back at once are answered in a few statements. */
  private readonly returning = new Gathering<Returning, SyncOutcome>(
    (devices) => this.changes(devices),
    returningTogether,
  );

  private readonly epochs = new Gathering<undefined, string>(async (asked) => {
    const epoch = await this.store.epoch();
    return asked.map(() => epoch);
  }, epochsTogether);

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

  private epoch(): Promise<string> {
    return this.epochs.ask(undefined);
  }

  /** Throws `sync.position_invalid`. */
  async page(by: Principal, request: SyncRequest): Promise<SyncOutcome> {
    const place = request.since === undefined ? undefined : decodePosition(request.since);
    if (place && !('below' in place)) return this.returning.ask({ personId: by.id, place, request });
    const epoch = await this.epoch();
    if (place && place.e !== epoch) return { reset: epoch };
    const head = await this.store.head();
    const from = place ?? { e: epoch, pos: head.pos, at: head.at, below: -1 };
    return { epoch, answer: await this.firstPages(by.id, from, request) };
  }

  /** On known devices: the conversations that changed, in the order of their heads, until none is left. */
  private async changes(devices: Returning[]): Promise<SyncOutcome[]> {
    const epoch = await this.store.epoch();
    // The head is read first: what is committed afterwards may be in the answer too, but nothing before is missing.
    const head = await this.store.head();
    const current = devices.filter(({ place }) => place.e === epoch);
    const changed = await this.store.changed(
      current.map(({ personId, place: { pos, at, seen = 0 }, request: { limit } }) => ({
        ...{ personId, pos, at, seen, limit },
      })),
    );
    const pages = await this.present(
      current.map(({ place, request }, i) => ({
        changed: changed[i]!,
        at: place.at,
        window: request.window,
      })),
    );
    const answers = new Map(
      current.map((device, i) => [device, answerOf(device, head, changed[i]!, pages[i]!)]),
    );
    return devices.map((device) => answers.get(device) ?? { reset: epoch });
  }

  /** On a new device: everything, newest first; what changes meanwhile follows from the position of the beginning. */
  private async firstPages(
    personId: string,
    place: { e: string; pos: number; at: number; below: number },
    { limit, window }: SyncRequest,
  ): Promise<SyncAnswer> {
    const { e, pos, at, below } = place;
    const newest = await this.store.newest(personId, below === -1 ? null : below, limit);
    const [conversations] = await this.present([{ changed: newest, at: null, window }]);
    const last = newest.at(-1);
    const isLast = newest.length < limit || !last;
    const next: Place = isLast
      ? { e, pos, at }
      : { e, pos, at, below: last.kind === 'account' ? pos + 1 : last.headPos };
    return { conversations: conversations!, position: encodePosition(next), more: true };
  }

  /** Several pages with their events, read at once. */
  private async present(pages: readonly Page[]): Promise<SyncedConversation[][]> {
    const wanted = pages.map(({ changed, at, window }) =>
      changed.map((conversation) => wantedOf(conversation, at, window)),
    );
    const events = await this.reader.pages(wanted, eventsEach);
    return pages.map(({ changed }, i) => pageOf(changed, wanted[i]!, events[i]!));
  }
}

interface Page {
  changed: ChangedConversation[];
  /** Time of the position; null on a new device. */
  at: number | null;
  window: number | undefined;
}

function answerOf(
  { place: { e, pos, at }, request: { limit } }: Returning,
  head: { pos: number; at: number },
  changed: ChangedConversation[],
  conversations: SyncedConversation[],
): SyncOutcome {
  const last = changed.at(-1);
  if (changed.length === limit && last) {
    return {
      epoch: e,
      answer: { conversations, position: encodePosition({ e, pos, at, seen: last.headPos }), more: true },
    };
  }
  const position = encodePosition({ e, pos: Math.max(pos, head.pos), at: Math.max(at, head.at) });
  return { epoch: e, answer: { conversations, position, more: false }, completeUpTo: head.pos };
}

function pageOf(
  changed: ChangedConversation[],
  wanted: { after: number }[],
  found: Map<string, ConversationEvent[]>,
): SyncedConversation[] {
  return changed.map((conversation, i) => {
    const { conversationId, kind } = conversation;
    const { floorSeq, headSeq } = rangeOf(conversation);
    const { after } = wanted[i]!;
    const events = found.get(conversationId) ?? [];
    const last = events.at(-1)?.seq ?? after;
    return { id: conversationId, kind, floorSeq, headSeq, prevSeq: after, events, more: last < headSeq };
  });
}

/** Of a conversation that is new to the device only the newest events, where a window is asked. */
function wantedOf(conversation: ChangedConversation, at: number | null, window: number | undefined) {
  const { conversationId, firstNewSeq } = conversation;
  const { floorSeq, headSeq } = rangeOf(conversation);
  const isNew = firstNewSeq === conversation.joinedSeq;
  const from = isNew && window !== undefined ? Math.max(floorSeq, headSeq - window) : firstNewSeq - 1;
  // By the hour, so that devices that come back together ask for the same.
  const notBefore = at === null ? null : new Date(Math.floor((at - clockSlackMs) / hourMs) * hourMs);
  return { conversationId, after: Math.max(from, floorSeq), upTo: headSeq, notBefore };
}
