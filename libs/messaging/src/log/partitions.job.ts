import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { logger } from '#platform';
import { addMonths, contentBucket, monthOf } from './month.js';
import { PartitionsStore } from './partitions.store.js';

const log = logger('messaging');

/** Partitions are there so many months before they are needed. */
const monthsAhead = 3;
const everyMs = 6 * 3600_000;

/** Keeps the months that events and contents will fall into ready. Every process that writes does, so none depends on another. */
@Injectable()
export class Partitions implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly store: PartitionsStore) {}

  /** A process that cannot see to this month must not serve, so a fault here ends the start. */
  async onApplicationBootstrap(): Promise<void> {
    await this.ensure();
    this.timer = setInterval(() => {
      this.ensure().catch((err: unknown) =>
        log.error({ err }, 'partitions could not be made; sending ends with their months'),
      );
    }, everyMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async ensure(): Promise<void> {
    const now = Date.now();
    for (let ahead = 0; ahead <= monthsAhead; ahead += 1) {
      const month = addMonths(monthOf(now), ahead);
      if (await this.store.ensure('event', month)) log.info({ month }, 'a month of events was made');
      await this.store.ensure('content', addMonths(contentBucket(now), ahead));
    }
  }
}
