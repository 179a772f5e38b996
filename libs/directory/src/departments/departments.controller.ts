import { Controller } from '@nestjs/common';
import { directoryApi, type Department, type InputOf } from '#contracts';
import { decodeCursor, toPage } from '#persistence';
import { AppError, Input, Route } from '#platform';
import type { DepartmentRow } from './department.entity.js';
import { DepartmentsStore } from './departments.store.js';

@Controller()
export class DepartmentsController {
  constructor(private readonly store: DepartmentsStore) {}

  @Route(directoryApi.departments)
  async children(@Input() { query }: InputOf<typeof directoryApi.departments>) {
    if (query.parent && !(await this.store.find(query.parent))) throw new AppError('department.not_found');
    const [position, name, id] = decodeCursor(query.cursor, 3) ?? [];
    const rows = await this.store.children({
      parentId: query.parent ?? null,
      ...(id !== undefined && { after: { position: Number(position), name: String(name), id: String(id) } }),
      limit: query.limit + 1,
    });
    return toPage(rows, query.limit, (row) => [row.position, row.name, row.id], present);
  }

  @Route(directoryApi.department)
  async one(@Input() { params }: InputOf<typeof directoryApi.department>) {
    const department = await this.store.find(params.departmentId);
    if (!department) throw new AppError('department.not_found');
    return { ...present(department), path: await this.store.way(department.id) };
  }
}

const present = ({ id, parentId, name, childCount, peopleCount }: DepartmentRow): Department => ({
  id,
  parentId,
  name,
  childCount,
  peopleCount,
});
