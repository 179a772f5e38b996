import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { BindShield } from '#directory';
import { AppError, isDatabaseAway, logger, SETTINGS, type Settings } from '#platform';
import { BindShieldStore, type BindOutcome, type Bounds } from './bind-shield.store.js';

const log = logger('access');
const cleanEveryMs = 600_000;

/** Several devices of one person may sign in at once; each waits so long for the others' binds. */
const turn = { everyMs: 100, times: 50 };

/**
 * Keeps a person's account out of the directory's own lockout: a bind is taken before it is made, and given back only
 * when the directory says that the password is right. However many guess at once, on however many processes, the
 * directory sees no more refused binds than the settings allow until the window after the last one is over.
 */
@Injectable()
export class LockoutShield implements BindShield, OnApplicationBootstrap, OnModuleDestroy {
  private readonly bounds: Bounds;
  private cleaning: NodeJS.Timeout | undefined;
  /** Who must wait until when, so that a flood asks the database once a second. */
  private readonly waiting = new LRUCache<string, number>({ max: 10_000, ttl: 1000 });

  constructor(
    @Inject(SETTINGS) settings: Settings,
    private readonly store: BindShieldStore,
  ) {
    this.bounds = {
      failures: settings.LDAP_BIND_FAILURES,
      windowSeconds: settings.LDAP_BIND_WINDOW_MINUTES * 60,
    };
  }

  onApplicationBootstrap(): void {
    this.cleaning = setInterval(() => void this.clean(), cleanEveryMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.cleaning);
  }

  /** Throws `auth.too_many_attempts` without a bind. */
  async guard<R>(accountId: string, bind: () => Promise<R | undefined>): Promise<R | undefined> {
    const taken = await this.take(accountId);
    // A directory that does not answer has refused nobody.
    let outcome: BindOutcome = 'unknown';
    try {
      const refusal = await bind();
      outcome = refusal === undefined ? 'right' : 'refused';
      return refusal;
    } finally {
      await this.store.settle(accountId, taken, outcome);
    }
  }

  private async take(accountId: string): Promise<number> {
    const until = this.waiting.get(accountId);
    if (until !== undefined) throw mustWait(until - Date.now());
    for (let attempt = 0; attempt < turn.times; attempt += 1) {
      const taken = await this.store.take(accountId, this.bounds);
      if (taken !== undefined) return taken;
      const { failures, leftMs } = await this.store.state(accountId, this.bounds.windowSeconds);
      if (failures >= this.bounds.failures) {
        this.waiting.set(accountId, Date.now() + leftMs);
        throw mustWait(leftMs);
      }
      await pause(turn.everyMs);
    }
    throw mustWait(turn.everyMs * turn.times);
  }

  private async clean(): Promise<void> {
    try {
      await this.store.clean(this.bounds.windowSeconds);
    } catch (err) {
      if (!isDatabaseAway(err))
        log.warn({ err }, 'old attempts could not be removed; the next round tries again');
    }
  }
}

const mustWait = (ms: number) => new AppError('auth.too_many_attempts', { retryAfterMs: Math.max(0, ms) });
