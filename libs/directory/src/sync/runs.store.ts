import { Injectable } from '@nestjs/common';
import { newId, type SyncCounts, type SyncProblem, type SyncRun } from '#contracts';
import { Database, withLock, type Transaction } from '#persistence';
import type { Current } from './plan.js';
import { SyncRunRow } from './sync-run.entity.js';

export type ListedRun = SyncRunRow & { source: string };

const noCounts: SyncCounts = {
  peopleRead: 0,
  departmentsRead: 0,
  peopleAdded: 0,
  peopleChanged: 0,
  peopleDisabled: 0,
  departmentsAdded: 0,
  departmentsChanged: 0,
  departmentsRemoved: 0,
};

const problemsPerKind = 100;
/** Runs are kept for so long, and can be taken back for so long. */
const keptDays = 180;
const undoDays = 30;
const expiredAtOnce = 100;

/** Runs of synchronisation. */
@Injectable()
export class RunsStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** One synchronisation of a source at a time, whatever process it runs in. */
  exclusively(sourceId: string, work: () => Promise<void>): Promise<'ran' | 'held by another'> {
    return withLock(this.database, `chancery directory sync ${sourceId}`, work);
  }

  async current(sourceId: string): Promise<Current> {
    const departments = await this.database.query<Current['departments'][number]>(
      `select id, encode(external_id, 'hex') as "externalId", parent_id as "parentId", name, position, active
         from directory.department where source_id = $1`,
      [sourceId],
    );
    const people = await this.database.query<Current['people'][number]>(
      `select id, encode(external_id, 'hex') as "externalId", distinguished_name as dn,
              username_key as "usernameKey", department_id as "departmentId", fingerprint, active
         from directory.person where source_id = $1`,
      [sourceId],
    );
    return { departments, people };
  }

  hasFinished(): Promise<boolean> {
    return this.database.repository(SyncRunRow).existsBy({ state: 'done' });
  }

  /** What a crash cut short before it had a plan is over; nothing had come of it. */
  async endCutShort(sourceId: string): Promise<void> {
    await this.database
      .repository(SyncRunRow)
      .update(
        { sourceId, state: 'running' },
        { state: 'failed', finishedAt: new Date(), failure: 'The process ended during the run.' },
      );
  }

  async begin(run: Pick<SyncRunRow, 'sourceId' | 'kind'> & { undoes?: string }): Promise<string> {
    const id = newId();
    const row = { ...run, id, state: 'running' as const, startedAt: new Date(), counts: noCounts };
    await this.database.repository(SyncRunRow).insert(row);
    return id;
  }

  async update(id: string, values: Partial<SyncRunRow>, tx?: Transaction): Promise<void> {
    // As JSON, which TypeORM's types of partial rows cannot express for nested values.
    await (tx ?? this.database).repository(SyncRunRow).update({ id }, values as object);
  }

  async forget(id: string): Promise<void> {
    await this.database.repository(SyncRunRow).delete({ id });
  }

  /** Adds to what a run could not do. */
  addProblems(run: Pick<SyncRunRow, 'problems' | 'problemCount'>, more: SyncProblem[]) {
    return {
      problems: firstOfEachKind([...run.problems, ...more]),
      problemCount: run.problemCount + more.length,
    };
  }

  /** Runs of a source whose plan is being applied; more than none after a crash. */
  applying(sourceId: string): Promise<SyncRunRow[]> {
    return this.database
      .repository(SyncRunRow)
      .find({ where: { sourceId, state: 'applying' }, order: { startedAt: 'ASC' } });
  }

  waiting(sourceId: string): Promise<SyncRunRow[]> {
    return this.database.repository(SyncRunRow).findBy({ sourceId, state: 'waiting' });
  }

  /** Locked until the end of the transaction, where there is one. */
  find(id: string, tx?: Transaction): Promise<SyncRunRow | null> {
    return (tx ?? this.database).repository(SyncRunRow).findOne({
      where: { id },
      ...(tx && { lock: { mode: 'pessimistic_write' as const } }),
    });
  }

  findByApproval(tx: Transaction, approvalId: string): Promise<SyncRunRow | null> {
    return tx.repository(SyncRunRow).findOne({
      where: { approvalId },
      lock: { mode: 'pessimistic_write' },
    });
  }

  async findListed(id: string): Promise<ListedRun | undefined> {
    const [row] = await this.database.query<ListedRun>(`${listSql} where run.id = $1`, [id]);
    return row;
  }

  /** Latest first. */
  list(limit: number, before?: { startedAt: Date; id: string }): Promise<ListedRun[]> {
    return this.database.query<ListedRun>(
      `${listSql} where $2::timestamptz is null or (run.started_at, run.id) < ($2, $3::uuid)
        order by run.started_at desc, run.id desc limit $1`,
      [limit, before?.startedAt ?? null, before?.id ?? null],
    );
  }

  /** The latest run of each source that says how it stands. */
  latest(): Promise<ListedRun[]> {
    return this.database.query<ListedRun>(
      `select latest.* from directory.source
        cross join lateral (${listSql} where run.source_id = directory.source.id
                              and run.kind = 'full' and run.state not in ('running', 'applying')
                            order by run.started_at desc, run.id desc limit 1) latest
        where directory.source.origin is not null`,
    );
  }

  /** The run of a source that was the last to change anything, or is at it. */
  async lastChanging(sourceId: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ id: string }>(
      `select id from directory.sync_run
        where source_id = $1 and kind <> 'dry' and change_count > 0 and state in ('applying', 'done', 'failed')
        order by finished_at desc nulls first limit 1`,
      [sourceId],
    );
    return row?.id;
  }

  async latestOf(sourceId: string, kind: SyncRun['kind']): Promise<ListedRun | undefined> {
    const [row] = await this.database.query<ListedRun>(
      `${listSql} where run.source_id = $1 and run.kind = $2 order by run.started_at desc, run.id desc limit 1`,
      [sourceId, kind],
    );
    return row;
  }

  /** Lets go of old runs with their plans, some at a time. */
  async expire(): Promise<void> {
    await this.database.query(
      `with old as (select id from directory.sync_run
                     where started_at < now() - make_interval(days => $1) order by started_at limit $2),
            plans as (delete from directory.sync_change using old where run_id = old.id)
       delete from directory.sync_run using old where sync_run.id = old.id`,
      [keptDays, expiredAtOnce],
    );
  }
}

/** The first hundred of each class. */
export function firstOfEachKind(problems: SyncProblem[]): SyncProblem[] {
  const counts = new Map<string, number>();
  return problems.filter(({ kind }) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count <= problemsPerKind;
  });
}

/** Whether a run can still be taken back. */
export function canUndo(run: Pick<SyncRun, 'kind' | 'state' | 'changeCount'> & { startedAt: Date }): boolean {
  const isOver = run.state === 'done' || run.state === 'failed';
  return (
    isOver &&
    run.kind !== 'dry' &&
    run.changeCount > 0 &&
    Date.now() - run.startedAt.getTime() < undoDays * 86_400_000
  );
}

const listSql = `
  select run.id, run.source_id as "sourceId", source.name as source, run.kind, run.state,
         run.started_at as "startedAt", run.finished_at as "finishedAt", run.counts,
         run.problem_count as "problemCount", run.problems, run.failure, run.stops, run.change_count as "changeCount",
         run.skipped_count as "skippedCount", run.read_ms as "readMs", run.apply_ms as "applyMs", run.digest,
         run.approval_id as "approvalId", run.approval_client_id as "approvalClientId", run.undoes
    from directory.sync_run run join directory.source source on source.id = run.source_id`;
