import { Injectable } from '@nestjs/common';
import type { Department, Page } from '#contracts';
import { decodeCursor, toPage } from '#persistence';
import { AppError } from '#platform';
import {
  everything,
  Views,
  type HiddenDepartments,
  type PeopleView,
  type Viewer,
} from '../visibility/views.service.js';
import { VisibilityStore } from '../visibility/visibility.store.js';
import type { DepartmentRow } from './department.entity.js';
import { DepartmentsStore } from './departments.store.js';

/** The organisation as a tree, level by level, as far as somebody sees it. */
@Injectable()
export class Departments {
  constructor(
    private readonly store: DepartmentsStore,
    private readonly visibility: VisibilityStore,
    private readonly views: Views,
  ) {}

  /** Directly below a department, or at the top. Throws `department.not_found`. */
  async children(
    viewer: Viewer,
    query: { parent?: string; cursor?: string; limit: number },
  ): Promise<Page<Department>> {
    const view = await this.views.of(viewer);
    if (query.parent) await this.require(view, query.parent);
    const [position, name, id] = decodeCursor(query.cursor, 3) ?? [];
    const tree = await view.tree();
    const parentId = query.parent ?? null;
    const rows = await this.store.children({
      parentId,
      except: [...tree.departments].filter(([, parent]) => parent === parentId).map(([hidden]) => hidden),
      ...(id !== undefined && { after: { position: Number(position), name: String(name), id: String(id) } }),
      limit: query.limit + 1,
    });
    const hiddenChildren = childrenOf(tree);
    return toPage(
      rows,
      query.limit,
      (row) => [row.position, row.name, row.id],
      (row) => present(row, tree, hiddenChildren),
    );
  }

  /** With the way down to it. Throws `department.not_found`. */
  async one(viewer: Viewer, id: string) {
    const view = await this.views.of(viewer);
    const department = await this.require(view, id);
    const tree = await view.tree();
    return { ...present(department, tree, childrenOf(tree)), path: await this.store.way(department.id) };
  }

  /** Throws `department.not_found`, also for one of which the viewer sees nobody. */
  async require(view: PeopleView, id: string): Promise<DepartmentRow> {
    const department = await this.store.find(id);
    if (!department) throw new AppError('department.not_found');
    if (view === everything) return department;
    const { departments } = await view.tree();
    const way = departments.size === 0 ? [] : await this.visibility.way(id);
    if (way.some((above) => departments.has(above))) throw new AppError('department.not_found');
    return department;
  }
}

/** How many departments directly below each the viewer does not see. */
function childrenOf({ departments }: HiddenDepartments): Map<string, number> {
  const counts = new Map<string, number>();
  for (const parent of departments.values()) {
    if (parent !== null) counts.set(parent, (counts.get(parent) ?? 0) + 1);
  }
  return counts;
}

const present = (
  { id, parentId, name, childCount, peopleCount }: DepartmentRow,
  tree: HiddenDepartments,
  hiddenChildren: ReadonlyMap<string, number>,
): Department => ({
  id,
  parentId,
  name,
  childCount: childCount - (hiddenChildren.get(id) ?? 0),
  peopleCount: Math.max(0, peopleCount - (tree.people.get(id) ?? 0)),
});
