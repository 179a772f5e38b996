import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import type { SyncRun } from '#contracts';
import { Hints } from '#persistence';
import { logger } from '#platform';
import { Sources, type OpenSource } from '../sources/sources.service.js';
import { isInPlace, isPersonChange } from './changes.js';
import { ChangesStore } from './changes.store.js';
import { Executor } from './executor.service.js';
import { Planner, type Draft } from './planner.service.js';
import { ReadingsStore } from './readings.store.js';
import { Recollections, type Reading } from './recollections.service.js';
import { firstOfEachKind, RunsStore } from './runs.store.js';
import type { SyncRunRow } from './sync-run.entity.js';

const log = logger('directory');

/** What is wanted of a synchronisation. */
type SyncRequest = { kind: 'full' | 'dry' } | { kind: 'undo'; undoes: string };

/**
 * Takes directories over: read everything, compare, keep the plan, let it pass or wait for a second person, apply it
 * in bounded steps, report. A fault of a directory changes nobody.
 */
@Injectable()
export class DirectorySync {
  constructor(
    private readonly sources: Sources,
    private readonly runs: RunsStore,
    private readonly readings: ReadingsStore,
    private readonly changes: ChangesStore,
    private readonly planner: Planner,
    private readonly recollections: Recollections,
    private readonly executor: Executor,
    private readonly trail: AuditTrail,
    private readonly hints: Hints,
  ) {}

  /** Whether no synchronisation has ever finished. */
  async isFirst(): Promise<boolean> {
    return !(await this.runs.hasFinished());
  }

  /** Every directory that is not paused, one after the other. A dry run looks at paused ones too. */
  async run(kind: 'full' | 'dry' = 'full'): Promise<void> {
    for (const id of await this.sources.ids(kind === 'dry' ? 'all' : 'active')) {
      await this.runSource(id, { kind });
    }
    await this.runs.expire();
  }

  /** Takes a run back. @returns false while another run of its source is under way */
  async undo(undoes: string): Promise<boolean> {
    const undone = await this.runs.find(undoes);
    return undone === null || (await this.runSource(undone.sourceId, { kind: 'undo', undoes }));
  }

  /** @returns false while another process is at it */
  async runSource(sourceId: string, request: SyncRequest): Promise<boolean> {
    const outcome = await this.runs.exclusively(sourceId, () =>
      this.readings.undisturbed(sourceId, () => this.runAlone(sourceId, request)),
    );
    if (outcome === 'held by another') log.info({ sourceId }, 'another process is synchronising');
    this.hints.publish('directory', 'synced');
    return outcome === 'ran';
  }

  private async runAlone(sourceId: string, request: SyncRequest): Promise<void> {
    await this.runs.endCutShort(sourceId);
    const source = await this.sources.open(sourceId);
    if (!source) return;
    // Approved since, or cut short by a crash.
    for (const run of await this.runs.applying(sourceId)) await this.executor.execute(source, run);
    const id = await this.runs.begin({ sourceId, ...request });
    const run = (await this.runs.find(id))!;
    const began = Date.now();
    let draft: Draft;
    try {
      draft =
        request.kind === 'undo'
          ? await this.planner.planUndo(source, request.undoes)
          : await this.planner.planAll(source, await this.readings.place(sourceId));
    } catch (error) {
      await this.executor.fail(run, error);
      return;
    }
    const planned = { ...run, ...summaryOf(draft), readMs: Date.now() - began };
    const isTaken = await this.follow(source, planned, draft);
    if (request.kind === 'undo') await this.readings.forget(sourceId);
    // Not before what leads there is applied: what is lost in between would never be read again.
    else if (isTaken && draft.place)
      await this.readings.reached(sourceId, { ...draft.place, digest: source.digest });
    if (isTaken && draft.reading) await this.remember(source, id, draft.reading);
  }

  /** Not where something was left as it is: the next run has to compare it again. */
  private async remember(source: OpenSource, runId: string, reading: Reading): Promise<void> {
    const run = await this.runs.find(runId);
    if (run?.state === 'done' && run.skippedCount === 0) await this.recollections.keep(source, reading);
  }

  /**
   * Takes over what a look has found, as a run of its own.
   * @returns whether all of it was done
   */
  async takeChanges(source: OpenSource, draft: Draft, readMs: number): Promise<boolean> {
    const sourceId = source.row.id;
    const id = await this.runs.begin({ sourceId, kind: 'incremental' });
    const run = (await this.runs.find(id))!;
    const before = await this.runs.lastChanging(sourceId);
    const isTaken = await this.follow(source, { ...run, ...summaryOf(draft), readMs }, draft);
    const people = [...draft.changes].filter(isPersonChange);
    const isAlone = people.length === draft.changes.length && people.every(isInPlace);
    if (isTaken && isAlone) this.recollections.follow(sourceId, before, id);
    this.hints.publish('directory', 'synced');
    return isTaken;
  }

  /**
   * What becomes of a plan.
   * @returns whether all of it was taken over
   */
  private async follow(source: OpenSource, run: SyncRunRow, draft: Draft): Promise<boolean> {
    if (run.kind === 'dry') {
      await this.keep(run, draft, 'running');
      await this.executor.end(run, { state: 'done' });
      return false;
    }
    if (draft.stops.length > 0) {
      await this.wait(run, draft);
      return false;
    }
    await this.supersede(run.sourceId);
    if (draft.changes.length === 0) {
      await this.keep(run, draft, 'running');
      await this.executor.end(run, { state: 'done' });
      return true;
    }
    await this.keep(run, draft, 'applying');
    return this.executor.execute(source, { ...run, state: 'applying' });
  }

  /** Keeps a plan that a guard stopped, unless the same one waits already. */
  private async wait(run: SyncRunRow, draft: Draft): Promise<void> {
    const digest = digestOf(draft);
    const waiting = await this.runs.waiting(run.sourceId);
    if (waiting.some((other) => other.digest === digest)) {
      await this.runs.forget(run.id);
      return;
    }
    await this.supersede(run.sourceId);
    await this.keep({ ...run, digest }, draft, 'waiting');
    const guards = draft.stops.map(({ guard, count, bound, subject }) => ({ guard, count, bound, subject }));
    await this.trail.recordAlone({
      action: 'directory.sync_stopped',
      outcome: 'denied',
      object: { kind: 'sync_run', id: run.id },
      details: { ...draft.counts, guards: guards.slice(0, 20) },
    });
    log.error({ runId: run.id, guards }, 'a plan of the directory waits for a second person');
  }

  private async supersede(sourceId: string): Promise<void> {
    for (const { id } of await this.runs.waiting(sourceId)) {
      await this.runs.update(id, { state: 'superseded', finishedAt: new Date() });
    }
  }

  /** The run and its plan, together. */
  private async keep(run: SyncRunRow, draft: Draft, state: SyncRun['state']): Promise<void> {
    const { id, sourceId: _sourceId, startedAt: _startedAt, ...values } = run;
    await this.runs.transaction(async (tx) => {
      await this.runs.update(id, { ...values, state }, tx);
      await this.changes.keep(tx, id, draft.changes);
    });
  }
}

function summaryOf({ changes, counts, problems, stops }: Draft): Partial<SyncRunRow> {
  return {
    counts,
    stops,
    changeCount: changes.length,
    problemCount: problems.length,
    problems: firstOfEachKind(problems),
  };
}

/** Of what a plan takes away: what it adds and refreshes is read again when it passes. */
function digestOf({ changes, stops }: Draft): string {
  const losses: string[] = [];
  for (const { subject, subjectId, change } of changes) {
    if (change === 'disabled' || change === 'gone') losses.push(`${subject} ${subjectId} ${change}`);
  }
  losses.sort();
  return createHash('sha256')
    .update(JSON.stringify([losses, stops]))
    .digest('base64url');
}
