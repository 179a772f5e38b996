import { Injectable } from '@nestjs/common';
import type { Department, Page } from '#contracts';
import { decodeCursor, toPage } from '#persistence';
import { AppError } from '#platform';
import type { DepartmentRow } from './department.entity.js';
import { DepartmentsStore } from './departments.store.js';

/** The organisation as a tree, level by level. */
@Injectable()
export class Departments {
  constructor(private readonly store: DepartmentsStore) {}

  /** Directly below a department, or at the top. Throws `department.not_found`. */
  async children(query: { parent?: string; cursor?: string; limit: number }): Promise<Page<Department>> {
    if (query.parent && !(await this.store.find(query.parent))) throw new AppError('department.not_found');
    const [position, name, id] = decodeCursor(query.cursor, 3) ?? [];
    const rows = await this.store.children({
      parentId: query.parent ?? null,
      ...(id !== undefined && { after: { position: Number(position), name: String(name), id: String(id) } }),
      limit: query.limit + 1,
    });
    return toPage(rows, query.limit, (row) => [row.position, row.name, row.id], present);
  }

  /** With the way down to it. Throws `department.not_found`. */
  async one(id: string) {
    const department = await this.store.find(id);
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
