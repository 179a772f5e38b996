import { Controller } from '@nestjs/common';
import { administrationApi, type InputOf } from '#contracts';
import { Caller, Input, Route, type Principal } from '#platform';
import { People } from '../people/people.service.js';
import { SyncRuns } from './sync-runs.service.js';

@Controller()
export class DirectoryAdminController {
  constructor(
    private readonly people: People,
    private readonly runs: SyncRuns,
  ) {}

  @Route(administrationApi.adminPeople)
  list(@Input() { query }: InputOf<typeof administrationApi.adminPeople>) {
    const { state, ...filter } = query;
    return this.people.listForAdministrator({ ...filter, active: state && state === 'active' });
  }

  @Route(administrationApi.syncRuns)
  listRuns(@Input() { query }: InputOf<typeof administrationApi.syncRuns>) {
    return this.runs.list(query);
  }

  @Route(administrationApi.syncNow)
  async syncNow(@Caller() caller: Principal, @Input() _input: InputOf<typeof administrationApi.syncNow>) {
    await this.runs.askNow(caller);
    return {};
  }
}
