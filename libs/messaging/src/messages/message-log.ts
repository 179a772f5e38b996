import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database, Follower, Hints, LogWatch, Replicated, type Stretch } from '#persistence';
import type { LogEntry } from '../log/event.js';
import { LogReader } from '../log/log-reader.service.js';
import { LogTail } from './log-tail.js';

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
    private readonly watch: LogWatch,
    private readonly replicated: Replicated,
  ) {
    hints.subscribe('messages', (head) => {
      for (const follower of this.followers) follower.wake(Number(head) || Infinity);
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
    this.replicated.reach(last.pos);
    for (const follower of this.followers) {
      follower.offer({ after: first.pos - 1, to: last.pos, entries });
    }
    this.hints.publish('messages', String(last.pos));
  }

  /**
   * Follows the log from its present end on. With a new epoch the log is another one, which is followed from its end
   * on: `begin` is called with the epoch at the start and each time before anything of that log is applied.
   */
  async followFromNow(name: string, apply: LogListener, begin: (epoch: string) => void): Promise<void> {
    const tail = new LogTail(this.database, this.reader);
    const follower = new Follower<LogEntry>({
      name,
      start: await tail.begin(),
      read: async (after) => {
        const read = await tail.read(after);
        if (read !== 'another log') return read;
        // A standby that is about to take over has the log, but perhaps not all of it on show yet.
        await this.watch.requireInCharge();
        const again = await tail.read(after);
        if (again !== 'another log') return again;
        await this.watch.wentBack(name);
        return undefined;
      },
      apply: async (stretch) => {
        await apply(stretch, tail.timeAfter(stretch));
        tail.advance(stretch);
      },
    });
    begin(this.watch.epoch);
    this.watch.onNewEpoch(async (epoch) => {
      this.replicated.forget();
      const end = await tail.begin();
      begin(epoch);
      follower.restartAt(end);
    });
    this.followers.add(follower);
    follower.start();
  }
}
