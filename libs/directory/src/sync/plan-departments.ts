import { newId } from '#contracts';
import { canonicalJson } from '#platform';
import type { ReadDepartment } from '../ldap/mapping.js';
import type { ChangeKind, DepartmentChange } from './changes.js';

/** A department as we hold it. */
export interface KnownDepartment {
  id: string;
  externalId: string;
  parentId: string | null;
  name: string;
  position: number;
  active: boolean;
}

type Department = DepartmentChange['after'];

/** What becomes of departments, and the id of each by its identity and by its name. */
export function planDepartments(read: ReadDepartment[], current: readonly KnownDepartment[]) {
  const known = new Map(current.map((department) => [department.externalId, department]));
  const ids = new Map<string, string>();
  for (const { externalId, dn } of read) {
    const id = known.get(externalId)?.id ?? newId();
    ids.set(externalId, id);
    ids.set(dn, id);
  }
  const planned: DepartmentChange[] = [];
  const plan = (id: string, change: ChangeKind, before: DepartmentChange['before'], after: Department) =>
    planned.push({ subject: 'department', subjectId: id, name: after.name, change, before, after });
  for (const { externalId, parentDn, name, position } of read) {
    const parentId = ids.get(parentDn) ?? null;
    const after = { externalId, parentId, name, position, active: true };
    const id = ids.get(externalId)!;
    const row = known.get(externalId);
    if (!row) {
      plan(id, 'added', null, after);
      continue;
    }
    const { id: _id, ...before } = row;
    if (canonicalJson(before) !== canonicalJson(after)) plan(id, 'changed', before, after);
  }
  for (const { id, ...before } of current) {
    if (before.active && !ids.has(before.externalId)) plan(id, 'gone', before, { ...before, active: false });
  }
  return { planned, ids };
}
