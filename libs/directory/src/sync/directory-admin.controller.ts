import { Controller } from '@nestjs/common';
import { AuditTrail } from '#audit';
import { administrationApi, type InputOf, type SyncRun } from '#contracts';
import { decodeCursor, Jobs, toPage } from '#persistence';
import { AppError, Caller, Input, Route, type Principal } from '#platform';
import { People } from '../people/people.service.js';
import { syncJob, syncJobOptions } from './sync.job.js';
import { SyncStore } from './sync.store.js';

@Controller()
export class DirectoryAdminController {
  constructor(
    private readonly people: People,
    private readonly store: SyncStore,
    private readonly jobs: Jobs,
    private readonly trail: AuditTrail,
  ) {}

  @Route(administrationApi.adminPeople)
  list(@Input() { query }: InputOf<typeof administrationApi.adminPeople>) {
    const { state, ...filter } = query;
    return this.people.listForAdministrator({ ...filter, active: state && state === 'active' });
  }

  @Route(administrationApi.syncRuns)
  async runs(@Input() { query }: InputOf<typeof administrationApi.syncRuns>) {
    const [startedAt, id] = decodeCursor(query.cursor, 2) ?? [];
    const before = id === undefined ? undefined : { startedAt: new Date(startedAt!), id: String(id) };
    const rows = await this.store.runs(query.limit + 1, before);
    return toPage(rows, query.limit, (row) => [row.startedAt.toISOString(), row.id], presentRun);
  }

  @Route(administrationApi.syncNow)
  async syncNow(@Caller() caller: Principal, @Input() _input: InputOf<typeof administrationApi.syncNow>) {
    await this.jobs.define(syncJob, syncJobOptions);
    await this.store.transaction(async (tx) => {
      if (!(await this.jobs.ask(syncJob, 'now', {}, tx))) throw new AppError('directory.sync_running');
      await this.trail.record(tx, { action: 'directory.sync_asked', by: caller });
    });
    return {};
  }
}

type RunRow = Awaited<ReturnType<SyncStore['runs']>>[number];

/** A run as the console shows it. */
export const presentRun = (run: RunRow): SyncRun => ({
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
