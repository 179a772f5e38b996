import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AuditTrail } from '#audit';
import type { Page, SyncRun } from '#contracts';
import { Approvals, type ApprovalRow } from '#governance';
import { decodeCursor, Jobs, toPage, type Transaction } from '#persistence';
import { AppError, type AdministratorPrincipal, type Principal } from '#platform';
import { SourcesStore } from '../sources/sources.store.js';
import { canUndo, RunsStore, type ListedRun } from './runs.store.js';
import { syncJob, syncJobOptions } from './sync.job.js';

/** What a system administrator asks and another administrator decides. */
const applyOperation = 'directory.apply_plan';

const problemsListed = 100;

/** Past synchronisations, and asking for more: another one, a second person for a stopped one, taking one back. */
@Injectable()
export class SyncRuns implements OnApplicationBootstrap {
  constructor(
    private readonly store: RunsStore,
    private readonly sources: SourcesStore,
    private readonly jobs: Jobs,
    private readonly approvals: Approvals,
    private readonly trail: AuditTrail,
  ) {}

  onApplicationBootstrap(): void {
    this.approvals.declare({
      operation: applyOperation,
      askedBy: ['system-admin'],
      approvedBy: ['security-admin', 'system-admin'],
      onDecision: (tx, approval) => this.followDecision(tx, approval),
    });
  }

  /** Latest first. */
  async list(query: { cursor?: string; limit: number }): Promise<Page<SyncRun>> {
    const [startedAt, id] = decodeCursor(query.cursor, 2) ?? [];
    const before = id === undefined ? undefined : { startedAt: new Date(startedAt!), id: String(id) };
    const rows = await this.store.list(query.limit + 1, before);
    return toPage(rows, query.limit, (row) => [row.startedAt.toISOString(), row.id], presentRun);
  }

  /** Runs that somebody has to look at: the latest of a directory failed, or waits for a second person. */
  async alarms(): Promise<SyncRun[]> {
    const latest = await this.store.latest();
    return latest.filter(({ state }) => state === 'failed' || state === 'waiting').map(presentRun);
  }

  /** Throws `directory.run_not_found`. */
  async one(id: string): Promise<SyncRun> {
    const run = await this.store.findListed(id);
    if (!run) throw new AppError('directory.run_not_found');
    return presentRun(run);
  }

  /** Throws `directory.sync_running`. */
  async askNow(by: Principal, { dry }: { dry: boolean }): Promise<void> {
    await this.jobs.define(syncJob, syncJobOptions);
    await this.store.transaction(async (tx) => {
      const isAsked = await this.jobs.ask(syncJob, dry ? 'dry' : 'now', dry ? { dry } : {}, tx);
      if (!isAsked) throw new AppError('directory.sync_running');
      await this.trail.record(tx, { action: 'directory.sync_asked', by, details: { dry } });
    });
  }

  /**
   * Asks a second person to let a stopped plan pass. Throws `directory.run_not_found`, `directory.run_state`. A repeat
   * with the same clientId asks once.
   */
  async askApproval(
    by: AdministratorPrincipal,
    request: { runId: string; clientId: string; reason: string },
  ): Promise<SyncRun> {
    const { runId, clientId, reason } = request;
    const listed = await this.one(runId);
    await this.store.transaction(async (tx) => {
      const run = await this.store.find(runId, tx);
      if (run?.approvalClientId === `${by.id} ${clientId}`) return;
      if (run?.state !== 'waiting') throw runState(run?.state);
      const before = run.approvalId === null ? null : await this.approvals.find(tx, run.approvalId);
      if (before?.state === 'asked' && before.expiresAt > new Date()) throw runState('asked');
      const { counts, stops, source } = listed;
      const asked = {
        operation: applyOperation,
        subject: { runId, source, ...counts, guards: stops },
        reason,
      };
      const approval = await this.approvals.ask(tx, by, asked);
      const values = { approvalId: approval.id, approvalClientId: `${by.id} ${clientId}` };
      await this.store.update(runId, values, tx);
      await this.trail.record(tx, {
        action: 'directory.approval_asked',
        by,
        object: { kind: 'sync_run', id: runId },
        details: { approvalId: approval.id, reason },
      });
    });
    return this.one(runId);
  }

  /**
   * Takes a run back, by a plan of its own, and pauses its source. Throws `directory.run_not_found`,
   * `directory.run_state`, `directory.sync_running`.
   */
  async askUndo(by: Principal, runId: string): Promise<void> {
    await this.jobs.define(syncJob, syncJobOptions);
    await this.store.transaction(async (tx) => {
      const run = await this.store.find(runId, tx);
      if (!run) throw new AppError('directory.run_not_found');
      if (!canUndo(run)) throw runState(run.state);
      if (!(await this.jobs.ask(syncJob, `undo ${runId}`, { undo: runId }, tx))) {
        throw new AppError('directory.sync_running');
      }
      await this.sources.setState(tx, run.sourceId, 'paused');
      await this.trail.record(tx, {
        action: 'directory.undo_asked',
        by,
        object: { kind: 'sync_run', id: runId },
      });
    });
  }

  /** In the transaction of the decision. A plan that another one has taken the place of cannot be let pass. */
  private async followDecision(tx: Transaction, approval: ApprovalRow): Promise<void> {
    const run = await this.store.findByApproval(tx, approval.id);
    const isApproved = approval.state === 'approved';
    if (run?.state !== 'waiting') {
      if (isApproved) throw new AppError('approval.decided', { details: { state: run?.state ?? 'none' } });
      return;
    }
    if (!isApproved) {
      await this.store.update(run.id, { state: 'refused', finishedAt: new Date() }, tx);
      return;
    }
    await this.store.update(run.id, { state: 'applying' }, tx);
    // Where a run is queued or under way already, that one or the next begins with what was approved.
    await this.jobs.ask(syncJob, 'now', {}, tx);
  }
}

const runState = (state: SyncRun['state'] | 'asked' | undefined) =>
  new AppError('directory.run_state', { details: { state: state ?? 'none' } });

export function presentRun(run: ListedRun): SyncRun {
  const { id, source, kind, state, counts, problemCount, problems, failure, stops } = run;
  const { changeCount, skippedCount, readMs, applyMs, approvalId, undoes } = run;
  return {
    ...{ id, source, kind, state, counts, problemCount, failure, stops },
    ...{ changeCount, skippedCount, readMs, applyMs, approvalId, undoes },
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    problems: problems.slice(0, problemsListed),
    canUndo: canUndo(run),
  };
}
