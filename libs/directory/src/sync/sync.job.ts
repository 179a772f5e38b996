import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Jobs } from '#persistence';
import { logger, SETTINGS, type Settings } from '#platform';
import { Sources } from '../sources/sources.service.js';
import { Lookout } from './lookout.service.js';
import { DirectorySync } from './sync.service.js';

const log = logger('directory');

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
/** How often it is asked whether the time for a look has come. */
const tickMs = 2_000;

/** Synchronises at the start, at the set interval, and whenever somebody asks; and looks for changes in between. */
@Injectable()
export class SyncJob implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly end = new AbortController();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly jobs: Jobs,
    private readonly sources: Sources,
    private readonly sync: DirectorySync,
    private readonly lookout: Lookout,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.sources.takeSettings();
    await this.jobs.define(syncJob, syncJobOptions);
    await this.jobs.work<SyncTask>(syncJob, (task, signal) => this.work(task, signal));
    const again = () => void this.jobs.ask(syncJob, 'now', {}).catch(() => {});
    // Before the first one nobody exists who could sign in.
    const isFirst = await this.sync.isFirst();
    if (isFirst) await this.sync.run();
    else setTimeout(again, restartMs).unref();
    setInterval(again, this.settings.LDAP_SYNC_SECONDS * 1000).unref();
    void this.look(isFirst ? 0 : restartMs);
  }

  onModuleDestroy(): void {
    this.end.abort();
  }

  private async look(afterMs: number): Promise<void> {
    const { signal } = this.end;
    const wait = (ms: number) => pause(ms, undefined, { signal, ref: false }).catch(() => {});
    await wait(afterMs);
    while (!signal.aborted) {
      await this.lookout.lookAtDue().catch((err: unknown) => {
        if (!signal.aborted) log.warn({ err }, 'directories could not be looked at');
      });
      await wait(tickMs);
    }
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
