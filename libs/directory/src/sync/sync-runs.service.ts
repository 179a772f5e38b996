import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import type { Page, SyncRun } from '#contracts';
import { decodeCursor, Jobs, toPage } from '#persistence';
import { AppError, type Principal } from '#platform';
import { syncJob, syncJobOptions } from './sync.job.js';
import { SyncStore } from './sync.store.js';

/** Past synchronisations, and asking for another. */
@Injectable()
export class SyncRuns {
  constructor(
    private readonly store: SyncStore,
    private readonly jobs: Jobs,
    private readonly trail: AuditTrail,
  ) {}

  /** Latest first. */
  async list(query: { cursor?: string; limit: number }): Promise<Page<SyncRun>> {
    const [startedAt, id] = decodeCursor(query.cursor, 2) ?? [];
    const before = id === undefined ? undefined : { startedAt: new Date(startedAt!), id: String(id) };
    const rows = await this.store.runs(query.limit + 1, before);
    return toPage(rows, query.limit, (row) => [row.startedAt.toISOString(), row.id], present);
  }

  /** Throws `directory.sync_running`. */
  async askNow(by: Principal): Promise<void> {
    await this.jobs.define(syncJob, syncJobOptions);
    await this.store.transaction(async (tx) => {
      if (!(await this.jobs.ask(syncJob, 'now', {}, tx))) throw new AppError('directory.sync_running');
      await this.trail.record(tx, { action: 'directory.sync_asked', by });
    });
  }
}

type RunRow = Awaited<ReturnType<SyncStore['runs']>>[number];

const present = (run: RunRow): SyncRun => ({
  id: run.id,
  source: run.source,
  state: run.state,
  startedAt: run.startedAt.toISOString(),
  finishedAt: run.finishedAt?.toISOString() ?? null,
  counts: run.counts,
  problemCount: run.problemCount,
  problems: run.problems,
  failure: run.failure,
});
