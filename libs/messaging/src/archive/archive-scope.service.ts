import { Injectable } from '@nestjs/common';
import { NIL_ID } from '#contracts';
import { visibleRanges, type SeqRange } from './archive.js';
import { ArchiveStore, type ArchiveQuery } from './archive.store.js';

const conversationsAtOnce = 500;

/** A conversation of an export, and what of it is exported. */
export interface ArchivedConversation {
  id: string;
  kind: 'direct' | 'group';
  /** Name of a group. */
  name: string | null;
  /** The two people of a direct conversation; empty for a group. */
  peerIds: string[];
  ranges: SeqRange[];
}

export interface ArchiveSize {
  conversations: number;
  events: number;
  /** False when there are more than were counted. */
  isComplete: boolean;
}

/** What an export covers, without a look at what anybody wrote: for processes that hold no content keys. */
@Injectable()
export class ArchiveScope {
  constructor(private readonly store: ArchiveStore) {}

  /** Where the log ends now: a query at a position has the same answer for ever. */
  headPosition(): Promise<number> {
    return this.store.headPosition();
  }

  /** Conversations of which the query covers something, by id. */
  async *conversations(query: ArchiveQuery): AsyncGenerator<ArchivedConversation> {
    let after = NIL_ID;
    for (;;) {
      const rows = await this.store.conversations(query, after, conversationsAtOnce);
      for (const { id, kind, name, peerIds, firstSeq, lastSeq, stays } of rows) {
        const ranges = visibleRanges(stays, { from: firstSeq, to: lastSeq });
        if (ranges.length > 0) yield { id, kind, name, peerIds, ranges };
      }
      if (rows.length < conversationsAtOnce) return;
      after = rows.at(-1)!.id;
    }
  }

  /** How much the query covers as of now, counted up to so many conversations. */
  async measure(query: Omit<ArchiveQuery, 'pos'>, most: number): Promise<ArchiveSize> {
    const size = { conversations: 0, events: 0 };
    for await (const { ranges } of this.conversations({ ...query, pos: await this.headPosition() })) {
      if (size.conversations === most) return { ...size, isComplete: false };
      size.conversations += 1;
      // Places in a conversation have no gaps, so a stretch has as many events as places.
      for (const { from, to } of ranges) size.events += to - from + 1;
    }
    return { ...size, isComplete: true };
  }
}
