import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { isDatabaseAway, logger } from '#platform';
import { Jobs } from '#persistence';
import { exportJob, exportJobOptions, type ExportJobData } from './export-queue.js';
import { ExportMaker } from './export-maker.service.js';
import { ExportsStore } from './exports.store.js';

const log = logger('compliance');
const everyMs = 60_000;
const atOnce = 100;

/** Makes approved exports, one after the other, and finds those whose job was lost with its process. */
@Injectable()
export class ExportJob implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly jobs: Jobs,
    private readonly maker: ExportMaker,
    private readonly store: ExportsStore,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.define(exportJob, exportJobOptions);
    await this.jobs.work<ExportJobData>(exportJob, ({ exportId }, signal) =>
      this.maker.make(exportId, AbortSignal.any([signal, this.stopping.signal])),
    );
    void this.recover();
    this.timer = setInterval(() => void this.recover(), everyMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.stopping.abort();
  }

  /**
   * The queue takes a while to see that a worker has died with its process, and the export's own lock tells at once:
   * one that has a job and is made by nobody, is made here. The job that comes back later finds nothing to do.
   */
  async recover(): Promise<void> {
    try {
      for (const exportId of await this.store.toMake(atOnce)) {
        const isAsked = await this.jobs.ask(exportJob, exportId, { exportId });
        if (!isAsked) await this.maker.make(exportId, this.stopping.signal);
      }
    } catch (err) {
      if (!isDatabaseAway(err))
        log.warn({ err }, 'an unfinished export could not be taken up; the next round tries again');
    }
  }
}
