import { setTimeout as pause } from 'node:timers/promises';
import { logger } from '#platform';
import type { Database } from './database.js';
import { storedPosition, storePosition } from './positions.store.js';
import { UncertainCommit } from './uncertain-commit.js';

const log = logger('persistence');
const reader = 'replicated';
const storeEveryMs = 5000;
const patienceMs = 5000;

/**
 * Up to where the log of messages is on the synchronous standby, as far as this process knows. A commit whose wait
 * was cut short, by a cancel or by a restart of the server, is visible here and perhaps missing there; nothing of it
 * may reach anybody, or a failover would take it back from them. Without such a standby everything visible is good.
 */
export class Replicated {
  private reached = 0;
  private storedAt = 0;
  private current: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(private readonly database: Database) {}

  /** A commit that took positions up to here returned in order, and so did all before it. */
  reach(position: number): void {
    this.reached = Math.max(this.reached, position);
    if (!this.database.waitsForStandby || !this.isStoreDue()) return;
    this.commit().catch((err: unknown) =>
      log.debug({ err }, 'what is replicated was not stored, will retry'),
    );
  }

  /** The log is another one. */
  forget(): void {
    this.reached = 0;
  }

  /** Resolves once what the caller has seen up to a position is on the standby. Throws where that takes too long. */
  async through(position: number): Promise<void> {
    if (!this.database.waitsForStandby || position <= this.reached) return;
    if (this.reached === 0) this.reach(await storedPosition(this.database, reader));
    if (position <= this.reached) return;
    const timer = new AbortController();
    const late = pause(patienceMs, 'late' as const, { signal: timer.signal }).catch(
      () => 'cancelled' as const,
    );
    try {
      if ((await Promise.race([this.commit(), late])) === 'late') throw new UncertainCommit();
    } finally {
      timer.abort();
    }
    this.reach(position);
  }

  /** A commit that began before what somebody has seen says nothing about it, so those who come wait for the next one. */
  private commit(): Promise<void> {
    this.next ??= this.current
      .catch(() => {})
      .then(() => {
        this.next = undefined;
        this.current = this.commitNow();
        return this.current;
      });
    return this.next;
  }

  /** Any commit waits for all before it. Now and then what is known is stored with it, for processes that begin. */
  private commitNow(): Promise<void> {
    const isDue = this.isStoreDue();
    const { reached } = this;
    if (isDue) this.storedAt = Date.now();
    return this.database.transaction(async (tx) => {
      if (isDue) await storePosition(tx, reader, reached);
    });
  }

  private isStoreDue(): boolean {
    return this.reached > 0 && Date.now() - this.storedAt > storeEveryMs;
  }
}
