import { Injectable } from '@nestjs/common';
import type { ConversationEvent } from '#contracts';
import { isUnlisted } from '../conversations/listed-members.js';
import { Members } from '../conversations/members.service.js';
import { toWire, type LogEntry } from '../log/event.js';
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
  constructor(
    private readonly log: LogReader,
    private readonly members: Members,
  ) {}

  /** Events of a stretch up to a position of the log, ascending, in bounded pages. */
  async *events(conversationId: string, range: SeqRange, upToPos: number): AsyncGenerator<ArchivedEvent[]> {
    let after = range.from - 1;
    while (after < range.to) {
      const entries = await this.log.range(conversationId, after, range.to, eventsAtOnce);
      const within = entries.filter(({ pos }) => pos <= upToPos);
      if (within.length > 0) yield await this.whole(within);
      if (within.length < entries.length || entries.length === 0) return;
      after = entries.at(-1)!.seq;
    }
  }

  /** Here every event lists everybody, however many they are. */
  private async whole(entries: LogEntry[]): Promise<ArchivedEvent[]> {
    const events: ArchivedEvent[] = [];
    for (const entry of entries) {
      const { pos, type, meta } = entry;
      if (!isUnlisted(meta)) {
        events.push({ pos, event: toWire(entry) });
        continue;
      }
      const { joined, left } = await this.members.changedWith(entry);
      const lists = type === 'conversation.created' ? { memberIds: joined } : { joined, left };
      const { memberCount: _memberCount, joinedCount: _joined, leftCount: _left, ...rest } = meta;
      events.push({ pos, event: toWire({ ...entry, meta: { ...rest, ...lists } }) });
    }
    return events;
  }
}
