import { Controller } from '@nestjs/common';
import { policiesApi, type InputOf } from '#contracts';
import { Caller, Input, Route, type AdministratorPrincipal } from '#platform';
import { PolicyChanges } from './policy-changes.service.js';
import { presentVersion } from './policy-version.js';
import { PolicyViews } from './policy-views.service.js';

@Controller()
export class PoliciesController {
  constructor(
    private readonly views: PolicyViews,
    private readonly changes: PolicyChanges,
  ) {}

  @Route(policiesApi.policies)
  async list() {
    return { items: await this.views.all(), nextCursor: null };
  }

  @Route(policiesApi.policyVersions)
  versions(@Input() { params, query }: InputOf<typeof policiesApi.policyVersions>) {
    return this.views.versions(params.name, query.cursor, query.limit);
  }

  @Route(policiesApi.previewPolicy)
  async preview(@Input() { params, body }: InputOf<typeof policiesApi.previewPolicy>) {
    return { people: await this.changes.preview({ ...params, ...body }) };
  }

  @Route(policiesApi.changePolicy)
  async change(
    @Caller() caller: AdministratorPrincipal,
    @Input() { params, body }: InputOf<typeof policiesApi.changePolicy>,
  ) {
    return presentVersion(await this.changes.change(caller, { ...params, ...body }));
  }

  @Route(policiesApi.policyEffect)
  effect(@Input() { params, query }: InputOf<typeof policiesApi.policyEffect>) {
    return this.views.effect(params.name, query.personId);
  }
}
