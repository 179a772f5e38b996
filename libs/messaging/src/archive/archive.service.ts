import { Injectable } from '@nestjs/common';
import type { ConversationEvent } from '#contracts';
import { toWire } from '../log/event.js';
import { LogReader } from '../log/log-reader.service.js';
import type { SeqRange } from './archive.js';

const eventsAtOnce = 500;

/** An event as clients see it, with its position in the log of all conversations. */
export interface ArchivedEvent {
  pos: number;
  event: ConversationEvent;
}

/** Reads what other people wrote to each other, for those whom a second person has allowed it. */
@Injectable()
export class Archive {
  constructor(private readonly log: LogReader) {}

  /** Events of a stretch up to a position of the log, ascending, in bounded pages. */
  async *events(conversationId: string, range: SeqRange, upToPos: number): AsyncGenerator<ArchivedEvent[]> {
    let after = range.from - 1;
    while (after < range.to) {
      const entries = await this.log.range(conversationId, after, range.to, eventsAtOnce);
      const within = entries.filter(({ pos }) => pos <= upToPos);
      if (within.length > 0) yield within.map((entry) => ({ pos: entry.pos, event: toWire(entry) }));
      if (within.length < entries.length || entries.length === 0) return;
      after = entries.at(-1)!.seq;
    }
  }
}
