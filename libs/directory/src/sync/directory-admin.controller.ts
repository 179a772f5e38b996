import { Readable } from 'node:stream';
import { Controller, StreamableFile } from '@nestjs/common';
import { administrationApi, synchronisationApi as api, type InputOf } from '#contracts';
import { Caller, Input, Route, type AdministratorPrincipal } from '#platform';
import { People } from '../people/people.service.js';
import { Plans } from './plans.service.js';
import { SyncRuns } from './sync-runs.service.js';

@Controller()
export class DirectoryAdminController {
  constructor(
    private readonly people: People,
    private readonly runs: SyncRuns,
    private readonly plans: Plans,
  ) {}

  @Route(administrationApi.adminPeople)
  list(@Input() { query }: InputOf<typeof administrationApi.adminPeople>) {
    const { state, ...filter } = query;
    return this.people.listForAdministrator({ ...filter, active: state && state === 'active' });
  }

  @Route(api.syncRuns)
  listRuns(@Input() { query }: InputOf<typeof api.syncRuns>) {
    return this.runs.list(query);
  }

  @Route(api.syncRun)
  run(@Input() { params }: InputOf<typeof api.syncRun>) {
    return this.runs.one(params.runId);
  }

  @Route(api.syncChanges)
  changes(@Input() { params, query }: InputOf<typeof api.syncChanges>) {
    return this.plans.list(params.runId, query);
  }

  @Route(api.syncReport)
  async report(
    @Caller() caller: AdministratorPrincipal,
    @Input() { params }: InputOf<typeof api.syncReport>,
  ) {
    const lines = await this.plans.report(caller, params.runId);
    return new StreamableFile(Readable.from(lines), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="sync-${params.runId}.csv"`,
    });
  }

  @Route(api.syncNow)
  async syncNow(@Caller() caller: AdministratorPrincipal, @Input() { body }: InputOf<typeof api.syncNow>) {
    await this.runs.askNow(caller, body);
    return {};
  }

  @Route(api.syncAskApproval)
  askApproval(
    @Caller() caller: AdministratorPrincipal,
    @Input() { params, body }: InputOf<typeof api.syncAskApproval>,
  ) {
    return this.runs.askApproval(caller, { ...params, ...body });
  }

  @Route(api.syncUndo)
  async undo(@Caller() caller: AdministratorPrincipal, @Input() { params }: InputOf<typeof api.syncUndo>) {
    await this.runs.askUndo(caller, params.runId);
    return {};
  }
}
