import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Jobs } from '#persistence';
import { SETTINGS, type Settings } from '#platform';
import { Sources } from '../sources/sources.service.js';
import { DirectorySync } from './sync.service.js';

/** Kind of the job; of each key one is queued or running at a time. */
export const syncJob = 'directory.sync';
export const syncJobOptions = { retries: 0, heartbeatSeconds: 60 };

/** What the job is asked with; nothing of it: an ordinary run. */
export interface SyncTask {
  dry?: boolean;
  /** The run to take back. */
  undo?: string;
}

/** After a restart everybody comes back at once; reading the directory waits until they have. */
const restartMs = 20_000;
/** Taking a run back waits for the run that is under way. */
const undoAttempts = 60;
const undoPauseMs = 2_000;

/** Synchronises at the start, at the set interval, and whenever somebody asks. */
@Injectable()
export class SyncJob implements OnApplicationBootstrap {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly jobs: Jobs,
    private readonly sources: Sources,
    private readonly sync: DirectorySync,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.sources.takeSettings();
    await this.jobs.define(syncJob, syncJobOptions);
    await this.jobs.work<SyncTask>(syncJob, (task, signal) => this.work(task, signal));
    const again = () => void this.jobs.ask(syncJob, 'now', {}).catch(() => {});
    // Before the first one nobody exists who could sign in.
    if (await this.sync.isFirst()) await this.sync.run();
    else setTimeout(again, restartMs).unref();
    setInterval(again, this.settings.LDAP_SYNC_SECONDS * 1000).unref();
  }

  private async work({ dry, undo }: SyncTask, signal: AbortSignal): Promise<void> {
    if (undo === undefined) return this.sync.run(dry ? 'dry' : 'full');
    for (let attempt = 0; attempt < undoAttempts && !signal.aborted; attempt += 1) {
      if (await this.sync.undo(undo)) return;
      await pause(undoPauseMs, undefined, { signal });
    }
    throw new Error('another synchronisation did not end in time');
  }
}
