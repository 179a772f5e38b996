import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Jobs } from '#persistence';
import { SETTINGS, type Settings } from '#platform';
import { DirectorySync } from './sync.service.js';

/** Kind of the job; one is queued or running at a time. */
export const syncJob = 'directory.sync';
export const syncJobOptions = { retries: 0, heartbeatSeconds: 60 };

/** After a restart everybody comes back at once; reading the directory waits until they have. */
const restartMs = 20_000;

/** Synchronises at the start, at the set interval, and whenever somebody asks. */
@Injectable()
export class SyncJob implements OnApplicationBootstrap {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly jobs: Jobs,
    private readonly sync: DirectorySync,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.define(syncJob, syncJobOptions);
    await this.jobs.work(syncJob, () => this.sync.run());
    const again = () => void this.jobs.ask(syncJob, 'now', {}).catch(() => {});
    // Before the first one nobody exists who could sign in.
    if (await this.sync.isFirst()) await this.sync.run();
    else setTimeout(again, restartMs).unref();
    setInterval(again, this.settings.LDAP_SYNC_SECONDS * 1000).unref();
  }
}
