import { Controller } from '@nestjs/common';
import { departmentGroupsAdminApi, type InputOf } from '#contracts';
import { Caller, Input, Route, type Principal } from '#platform';
import { DepartmentGroups } from './department-groups.service.js';

@Controller()
export class DepartmentGroupsAdminController {
  constructor(private readonly groups: DepartmentGroups) {}

  @Route(departmentGroupsAdminApi.adminDepartmentGroups)
  of(
    @Caller() by: Principal,
    @Input() { params }: InputOf<typeof departmentGroupsAdminApi.adminDepartmentGroups>,
  ) {
    return this.groups.of(by, params.departmentId);
  }

  @Route(departmentGroupsAdminApi.askDepartmentGroup)
  async ask(
    @Caller() by: Principal,
    @Input() { params, body }: InputOf<typeof departmentGroupsAdminApi.askDepartmentGroup>,
  ) {
    return this.groups.one(by, await this.groups.ask(by, { ...params, ...body }));
  }
}
