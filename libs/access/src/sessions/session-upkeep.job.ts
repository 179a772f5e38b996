import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database, withLock } from '#persistence';
import { isDatabaseAway, logger } from '#platform';
import { Sessions } from './sessions.service.js';

const log = logger('access');
const everyMs = 60_000;

/** Ends sessions that a policy, or nobody's use of them, has made over: one process at a time looks through them. */
@Injectable()
export class SessionUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private isRunning = false;

  constructor(
    private readonly database: Database,
    private readonly sessions: Sessions,
  ) {}

  onApplicationBootstrap(): void {
    // Also what was over while nothing ran.
    void this.run();
    this.timer = setInterval(() => void this.run(), everyMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      await withLock(this.database, 'access session upkeep', () => this.sessions.endOver());
    } catch (err) {
      if (!isDatabaseAway(err)) log.warn({ err }, 'sessions that are over could not be ended');
    } finally {
      this.isRunning = false;
    }
  }
}
