import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import type { SyncProblem } from '#contracts';
import { logger } from '#platform';
import type { OpenSource } from '../sources/sources.service.js';
import { Applier } from './applier.service.js';
import { Photos } from './photos.service.js';
import { RunsStore } from './runs.store.js';
import type { SyncRunRow } from './sync-run.entity.js';

const log = logger('directory');

/** Carries out plans that may pass, and ends their runs. */
@Injectable()
export class Executor {
  constructor(
    private readonly runs: RunsStore,
    private readonly applier: Applier,
    private readonly photos: Photos,
    private readonly trail: AuditTrail,
  ) {}

  /**
   * Applies what of the plan is left; a run that a crash cut short goes on where it was.
   * @returns whether all of it was done
   */
  async execute(source: OpenSource, run: SyncRunRow): Promise<boolean> {
    const began = Date.now();
    try {
      const { skipped, problems } = await this.applier.apply(run.id, run.sourceId);
      const photoProblems = run.kind === 'undo' ? [] : await this.takePhotos(source, run);
      await this.end(run, {
        state: 'done',
        skippedCount: run.skippedCount + skipped,
        applyMs: run.applyMs + (Date.now() - began),
        ...this.runs.addProblems(run, [...problems, ...photoProblems]),
      });
      return true;
    } catch (error) {
      await this.fail(run, error);
      return false;
    }
  }

  /** Ends a run that could not go on; what it has applied stays, and the next run compares again. */
  async fail(run: SyncRunRow, error: unknown): Promise<void> {
    log.error({ err: error, runId: run.id }, 'the synchronisation failed');
    const failure = error instanceof Error ? error.message : String(error);
    await this.end(run, { state: 'failed', failure });
  }

  /** In one transaction with its entry in the trail, where there is something to tell. */
  async end(run: SyncRunRow, values: Partial<SyncRunRow>): Promise<void> {
    const ended = { ...run, ...values, finishedAt: new Date() };
    const { state, kind, counts, problemCount, failure, skippedCount, undoes } = ended;
    await this.runs.transaction(async (tx) => {
      await this.runs.update(run.id, { ...values, finishedAt: ended.finishedAt }, tx);
      if (state === 'done' && (ended.changeCount === 0 || kind === 'dry')) return;
      await this.trail.record(tx, {
        action: kind === 'undo' ? 'directory.sync_undone' : 'directory.synced',
        outcome: state === 'failed' ? 'failed' : 'done',
        object: { kind: 'sync_run', id: run.id },
        details: {
          ...counts,
          problems: problemCount,
          ...(skippedCount > 0 && { skipped: skippedCount }),
          ...(failure !== null && { failure }),
          ...(undoes !== null && { undoes }),
        },
      });
    });
    log.info({ runId: run.id, state, kind, ...counts, problems: problemCount }, 'synchronised');
  }

  private async takePhotos(source: OpenSource, run: SyncRunRow): Promise<SyncProblem[]> {
    try {
      return await this.photos.take(source, run.id);
    } catch (err) {
      // A photo is never worth a failed synchronisation; the next change of the entry reads it again.
      log.warn({ err }, 'photos could not be read');
      const message = err instanceof Error ? err.message : String(err);
      return [{ kind: 'photo.unreadable', subject: source.row.name, message }];
    }
  }
}
