import { Controller } from '@nestjs/common';
import { directoryApi, type InputOf } from '#contracts';
import { Input, Route } from '#platform';
import { Departments } from './departments.service.js';

@Controller()
export class DepartmentsController {
  constructor(private readonly departments: Departments) {}

  @Route(directoryApi.departments)
  children(@Input() { query }: InputOf<typeof directoryApi.departments>) {
    return this.departments.children(query);
  }

  @Route(directoryApi.department)
  one(@Input() { params }: InputOf<typeof directoryApi.department>) {
    return this.departments.one(params.departmentId);
  }
}
