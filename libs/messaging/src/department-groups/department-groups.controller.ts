import { Controller } from '@nestjs/common';
import { departmentGroupsApi, type InputOf } from '#contracts';
import { Caller, Input, Route, type Principal } from '#platform';
import { DepartmentGroups } from './department-groups.service.js';
import { Following } from './following.service.js';

@Controller()
export class DepartmentGroupsController {
  constructor(
    private readonly groups: DepartmentGroups,
    private readonly following: Following,
  ) {}

  @Route(departmentGroupsApi.departmentGroups)
  of(@Caller() by: Principal, @Input() { params }: InputOf<typeof departmentGroupsApi.departmentGroups>) {
    return this.groups.of(by, params.departmentId);
  }

  @Route(departmentGroupsApi.makeDepartmentGroup)
  async make(
    @Caller() by: Principal,
    @Input() { params, body }: InputOf<typeof departmentGroupsApi.makeDepartmentGroup>,
  ) {
    const group = await this.groups.ask(by, { ...params, ...body });
    // Whoever asks finds the group at once; the others follow.
    await this.following.settle(group, [by.id]);
    return this.groups.one(by, group);
  }
}
