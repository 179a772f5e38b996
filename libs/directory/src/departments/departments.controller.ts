import { Controller } from '@nestjs/common';
import { directoryApi, type InputOf } from '#contracts';
import { Caller, Input, Route, type Principal } from '#platform';
import { Departments } from './departments.service.js';

@Controller()
export class DepartmentsController {
  constructor(private readonly departments: Departments) {}

  @Route(directoryApi.departments)
  children(@Caller() by: Principal, @Input() { query }: InputOf<typeof directoryApi.departments>) {
    return this.departments.children(by, query);
  }

  @Route(directoryApi.department)
  one(@Caller() by: Principal, @Input() { params }: InputOf<typeof directoryApi.department>) {
    return this.departments.one(by, params.departmentId);
  }
}
