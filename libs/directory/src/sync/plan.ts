import { createHash } from 'node:crypto';
import { newId, type SyncCounts, type SyncProblem } from '#contracts';
import { canonicalJson } from '#platform';
import { normalDn } from '../ldap/distinguished-name.js';
import type { ReadDepartment, ReadPerson } from '../ldap/mapping.js';
import type { ChangeKind, DepartmentChange, PersonValues, PlannedPost } from './changes.js';
import { withoutCycles } from './managers.js';

/** What the directory holds. */
export interface Snapshot {
  departments: ReadDepartment[];
  people: ReadPerson[];
  problems: SyncProblem[];
  /** DNs of entries of people that could not be read whole; whoever we know there is left as they are. */
  unreadable: string[];
}

/** What we hold, as far as comparing needs it. */
export interface Current {
  departments: {
    id: string;
    externalId: string;
    parentId: string | null;
    name: string;
    position: number;
    active: boolean;
  }[];
  people: KnownPerson[];
}

export interface KnownPerson {
  id: string;
  externalId: string;
  dn: string;
  usernameKey: string;
  departmentId: string | null;
  fingerprint: string;
  active: boolean;
}

/** A person after the change; what they were before is not known yet. */
export interface PlannedPerson {
  id: string;
  change: ChangeKind;
  after: PersonValues;
}

/** Everything a synchronisation would do; nothing is done by making it. */
export interface Plan {
  departments: DepartmentChange[];
  people: PlannedPerson[];
  /** People the directory no longer has. */
  gone: KnownPerson[];
  counts: SyncCounts;
  problems: SyncProblem[];
}

type Report = (problem: SyncProblem) => void;

/** Compares a directory with what we hold. */
export function makePlan(snapshot: Snapshot, current: Current): Plan {
  const problems = [...snapshot.problems];
  const report: Report = (problem) => problems.push(problem);
  const departments = planDepartments(snapshot.departments, current.departments);
  const { people, gone } = planPeople(snapshot, current, departments.ids, report);
  const count = <T extends { change: ChangeKind }>(items: T[], ...changes: ChangeKind[]) =>
    items.filter(({ change }) => changes.includes(change)).length;
  return {
    departments: departments.planned,
    people,
    gone,
    problems,
    counts: {
      peopleRead: snapshot.people.length,
      departmentsRead: snapshot.departments.length,
      peopleAdded: count(people, 'added'),
      peopleChanged: count(people, 'changed', 'enabled'),
      peopleDisabled: gone.length + count(people, 'disabled'),
      departmentsAdded: count(departments.planned, 'added'),
      departmentsChanged: count(departments.planned, 'changed'),
      departmentsRemoved: count(departments.planned, 'gone'),
    },
  };
}

function planDepartments(read: ReadDepartment[], current: Current['departments']) {
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

type Department = DepartmentChange['after'];

function planPeople(snapshot: Snapshot, current: Current, departments: Map<string, string>, report: Report) {
  const known = new Map(current.people.map((person) => [person.externalId, person]));
  const unique = uniquePeople(snapshot.people, report);
  const idOf = new Map<string, string>();
  for (const externalId of unique.keys()) idOf.set(externalId, known.get(externalId)?.id ?? newId());
  const managers = planManagers(unique, idOf, report);
  const people: PlannedPerson[] = [];
  for (const person of unique.values()) {
    const before = known.get(person.externalId);
    const id = idOf.get(person.externalId)!;
    const posts = planPosts(person, departments, report);
    const managerId = managers.get(id) ?? null;
    const fingerprint = fingerprintOf(person, posts, managerId);
    if (before && before.fingerprint === fingerprint && before.active === person.active) continue;
    const { posts: _posts, managerDn: _managerDn, ...values } = person;
    const departmentId = posts[0]?.departmentId ?? null;
    const after = { ...values, posts, departmentId, managerId, fingerprint };
    people.push({ id, change: changeOf(before, person), after });
  }
  return { people, gone: findGone(snapshot, current, unique) };
}

function uniquePeople(people: ReadPerson[], report: Report): Map<string, ReadPerson> {
  const unique = new Map<string, ReadPerson>();
  for (const person of people) {
    if (!unique.has(person.externalId)) unique.set(person.externalId, person);
    else {
      const message = 'Another entry has the same identity.';
      report({ kind: 'person.doubled', subject: person.dn, message });
    }
  }
  return unique;
}

/** Whom we know and the directory has not, leaving out those whose entry is there and could not be read. */
function findGone(snapshot: Snapshot, current: Current, unique: Map<string, ReadPerson>): KnownPerson[] {
  const unreadable = new Set(snapshot.unreadable.map(normalDn));
  return current.people.filter(
    ({ active, externalId, dn }) => active && !unique.has(externalId) && !unreadable.has(normalDn(dn)),
  );
}

function changeOf(before: KnownPerson | undefined, person: ReadPerson): ChangeKind {
  if (!before) return 'added';
  if (before.active === person.active) return 'changed';
  return person.active ? 'enabled' : 'disabled';
}

function planPosts(person: ReadPerson, departments: Map<string, string>, report: Report): PlannedPost[] {
  const posts: PlannedPost[] = [];
  for (const { department, title } of person.posts) {
    const name = 'dn' in department ? department.dn : department.externalId.replaceAll('-', '');
    const departmentId = departments.get(name);
    if (!departmentId) {
      const message = `There is no department ${name}.`;
      report({ kind: 'post.unknown_department', subject: person.dn, message });
    } else if (!posts.some((post) => post.departmentId === departmentId)) {
      posts.push({ departmentId, title, main: posts.length === 0, position: posts.length });
    }
  }
  return posts;
}

/** Id of the person → id of their manager, for everybody who was read and has one that can be. */
function planManagers(unique: Map<string, ReadPerson>, idOf: Map<string, string>, report: Report) {
  const named = new Map<string, { id: string; person: ReadPerson }>();
  const idByDn = new Map<string, string>();
  for (const person of unique.values()) idByDn.set(normalDn(person.dn), idOf.get(person.externalId)!);
  const managers = new Map<string, string>();
  for (const person of unique.values()) {
    if (!person.managerDn) continue;
    const id = idOf.get(person.externalId)!;
    const managerId = idByDn.get(person.managerDn);
    named.set(id, { id, person });
    if (managerId && managerId !== id) managers.set(id, managerId);
    else {
      const message = managerId
        ? 'The manager is the person themselves.'
        : `There is no person ${person.managerDn}.`;
      report({ kind: 'manager.unknown', subject: person.dn, message });
    }
  }
  return withoutCycles(managers, (id) => {
    const message = 'The line of managers leads back to this person, so it ends here.';
    report({ kind: 'manager.cycle', subject: named.get(id)!.person.dn, message });
  });
}

function fingerprintOf(person: ReadPerson, posts: PlannedPost[], managerId: string | null): string {
  const { posts: _posts, managerDn: _managerDn, ...values } = person;
  return createHash('sha256')
    .update(canonicalJson({ ...values, posts, managerId }))
    .digest('base64url')
    .slice(0, 22);
}
