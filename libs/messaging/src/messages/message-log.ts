import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database, Follower, Hints, readHead, type Stretch } from '#persistence';
import type { LogEntry } from '../log/event.js';
import { LogReader } from '../log/log-reader.service.js';

/** Entries of a stretch that is read; a commit writes at most a thousand. */
const entriesPerRead = 500;

/**
 * Handles a stretch of the log. Entries of one commit may come in several stretches.
 * @param at latest time of all entries so far, in milliseconds
 */
export type LogListener = (stretch: Stretch<LogEntry>, at: number) => Promise<void> | void;

/** The log of all conversations, in the order of positions: who writes tells it here, who must see everything follows it here. */
@Injectable()
export class MessageLog implements OnApplicationShutdown {
  private readonly followers = new Set<Follower<LogEntry>>();

  constructor(
    private readonly database: Database,
    private readonly reader: LogReader,
    private readonly hints: Hints,
  ) {
    hints.subscribe('messages', () => {
      for (const follower of this.followers) follower.wake();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.followers].map((follower) => follower.stop()));
  }

  /** To be called after a commit, with what it wrote. */
  announce(entries: LogEntry[]): void {
    const [first] = entries;
    const last = entries.at(-1);
    if (!first || !last) return;
    for (const follower of this.followers) {
      follower.offer({ after: first.pos - 1, to: last.pos, entries });
    }
    this.hints.publish('messages', String(last.pos));
  }

  /** Follows the log from its present end on. */
  async followFromNow(name: string, apply: LogListener): Promise<Follower<LogEntry>> {
    const head = await readHead(this.database, 'messages');
    // Times never fall behind the head by more than the reader allows for, so the latest known time bounds a read.
    let time = head.at;
    const follower = new Follower<LogEntry>({
      name,
      start: head.pos,
      read: async (after) => {
        const entries = await this.reader.tail(after, time, entriesPerRead);
        const last = entries.at(-1);
        return last && { after, to: last.pos, entries };
      },
      apply: async (stretch) => {
        for (const { at } of stretch.entries) time = Math.max(time, at);
        await apply(stretch, time);
      },
    });
    this.followers.add(follower);
    follower.start();
    return follower;
  }
}
