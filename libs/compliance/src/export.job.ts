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
    await this.recover();
    this.timer = setInterval(() => void this.recover(), everyMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.stopping.abort();
  }

  /** A job that is queued or running already is not asked for twice. */
  async recover(): Promise<void> {
    try {
      for (const exportId of await this.store.toMake(atOnce))
        await this.jobs.ask(exportJob, exportId, { exportId });
    } catch (err) {
      if (!isDatabaseAway(err)) log.warn({ err }, 'unfinished exports could not be looked for');
    }
  }
}
