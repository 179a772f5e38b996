import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { isDatabaseAway, logger } from '#platform';
import { FactorsStore } from '../factors/factors.store.js';
import { ProvidersStore } from '../providers/providers.store.js';
import { AttemptsStore } from './attempts.store.js';
import { PendingSignInsStore } from './pending-sign-ins.store.js';

const log = logger('access');
const everyMs = 600_000;

/** Removes what sign-ins leave behind: those that nobody finished, and failures that count no more. */
@Injectable()
export class SignInUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pending: PendingSignInsStore,
    private readonly factors: FactorsStore,
    private readonly attempts: AttemptsStore,
    private readonly providers: ProvidersStore,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.clean(), everyMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  async clean(): Promise<void> {
    try {
      await this.pending.clean();
      await this.factors.clean();
      await this.attempts.clean();
      await this.providers.clean();
    } catch (err) {
      if (!isDatabaseAway(err))
        log.warn({ err }, 'sign-ins that are over could not be removed; the next round tries again');
    }
  }
}
