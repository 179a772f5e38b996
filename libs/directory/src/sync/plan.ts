import { createHash } from 'node:crypto';
import { newId, type SyncCounts, type SyncProblem } from '#contracts';
import { canonicalJson } from '#platform';
import { normalDn, type ReadDepartment, type ReadPerson } from '../ldap/mapping.js';

/** What the directory holds, read completely. */
export interface Snapshot {
  departments: ReadDepartment[];
  people: ReadPerson[];
  problems: SyncProblem[];
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
  people: { id: string; externalId: string; fingerprint: string; active: boolean; stamp: string }[];
}

export interface PlannedDepartment {
  id: string;
  externalId: string;
  parentId: string | null;
  name: string;
  position: number;
  active: boolean;
  change: 'added' | 'changed' | 'gone';
}

export interface PlannedPost {
  departmentId: string;
  title: string | null;
  main: boolean;
  position: number;
}

export interface PlannedPerson extends Omit<ReadPerson, 'posts' | 'managerDn'> {
  id: string;
  posts: PlannedPost[];
  departmentId: string | null;
  managerId: string | null;
  fingerprint: string;
  change: 'added' | 'changed' | 'disabled' | 'enabled';
  /** The entry may carry another photo than the one we have. */
  readPhoto: boolean;
}

/** Everything a synchronisation would do; nothing is done by making it. */
export interface Plan {
  departments: PlannedDepartment[];
  people: PlannedPerson[];
  /** People the directory no longer has. */
  gone: string[];
  counts: SyncCounts;
  problems: SyncProblem[];
}

/** A fault of reading that looks like success: nothing may follow from such a snapshot. */
export class ImplausibleSnapshot extends Error {
  override readonly name = 'ImplausibleSnapshot';
}

/** At most so many people may be disabled or lost at once, or this share of all, whichever is more. */
const losses = { people: 5, share: 0.02 };

/** Compares a directory with what we hold. Throws `ImplausibleSnapshot` when applying it would do damage. */
export function makePlan(snapshot: Snapshot, current: Current): Plan {
  const problems = [...snapshot.problems];
  const report = (problem: SyncProblem) => problems.push(problem);
  const departments = planDepartments(snapshot.departments, current.departments);
  const { people, gone } = planPeople(snapshot, current, departments.ids, report);
  const lost = gone.length + people.filter(({ change }) => change === 'disabled').length;
  requirePlausible(snapshot, current, lost);
  const count = <T extends { change: string }>(items: T[], change: T['change']) =>
    items.filter((item) => item.change === change).length;
  return {
    departments: departments.planned,
    people,
    gone,
    problems,
    counts: {
      peopleRead: snapshot.people.length,
      departmentsRead: snapshot.departments.length,
      peopleAdded: count(people, 'added'),
      peopleChanged: count(people, 'changed') + count(people, 'enabled'),
      peopleDisabled: lost,
      departmentsAdded: count(departments.planned, 'added'),
      departmentsChanged: count(departments.planned, 'changed'),
      departmentsRemoved: count(departments.planned, 'gone'),
    },
  };
}

function requirePlausible(snapshot: Snapshot, current: Current, lost: number): void {
  if (snapshot.people.length === 0) {
    throw new ImplausibleSnapshot(
      'The directory delivered nobody; is the base right, and may the account read it?',
    );
  }
  const active = current.people.filter((person) => person.active).length;
  const bound = Math.max(losses.people, Math.floor(active * losses.share));
  if (active > 0 && lost > bound) {
    throw new ImplausibleSnapshot(
      `${lost} of ${active} people would be disabled, which is more than ${bound}; nothing was changed.`,
    );
  }
}

function planDepartments(read: ReadDepartment[], current: Current['departments']) {
  const known = new Map(current.map((department) => [department.externalId, department]));
  const ids = new Map<string, string>();
  for (const { externalId, dn } of read) {
    const id = known.get(externalId)?.id ?? newId();
    ids.set(externalId, id);
    ids.set(dn, id);
  }
  const planned: PlannedDepartment[] = [];
  for (const { externalId, parentDn, name, position } of read) {
    const before = known.get(externalId);
    const after = {
      id: ids.get(externalId)!,
      externalId,
      parentId: ids.get(parentDn) ?? null,
      name,
      position,
      active: true,
    };
    if (!before) planned.push({ ...after, change: 'added' });
    else if (canonicalJson(before) !== canonicalJson(after)) planned.push({ ...after, change: 'changed' });
  }
  for (const department of current) {
    if (department.active && !ids.has(department.externalId)) {
      planned.push({ ...department, active: false, change: 'gone' });
    }
  }
  return { planned, ids };
}

function planPeople(
  snapshot: Snapshot,
  current: Current,
  departmentIds: Map<string, string>,
  report: (problem: SyncProblem) => void,
) {
  const known = new Map(current.people.map((person) => [person.externalId, person]));
  const idByDn = new Map<string, string>();
  const unique = new Map<string, ReadPerson>();
  for (const person of snapshot.people) {
    if (unique.has(person.externalId)) {
      report({
        kind: 'person.doubled',
        subject: person.dn,
        message: 'Another entry has the same entryUUID.',
      });
      continue;
    }
    unique.set(person.externalId, person);
    idByDn.set(normalDn(person.dn), known.get(person.externalId)?.id ?? newId());
  }
  const people: PlannedPerson[] = [];
  for (const person of unique.values()) {
    const before = known.get(person.externalId);
    const id = idByDn.get(normalDn(person.dn))!;
    const posts = planPosts(person, departmentIds, report);
    const managerId = managerOf(person, id, idByDn, report);
    const fingerprint = fingerprintOf(person, posts, managerId);
    if (before && before.fingerprint === fingerprint && before.active === person.active) continue;
    const { posts: _posts, managerDn: _managerDn, ...values } = person;
    people.push({
      ...values,
      id,
      posts,
      departmentId: posts[0]?.departmentId ?? null,
      managerId,
      fingerprint,
      change: changeOf(before, person),
      readPhoto: before?.stamp !== person.stamp,
    });
  }
  const gone = current.people.filter(({ active, externalId }) => active && !unique.has(externalId));
  return { people, gone: gone.map(({ id }) => id) };
}

function changeOf(
  before: Current['people'][number] | undefined,
  person: ReadPerson,
): PlannedPerson['change'] {
  if (!before) return 'added';
  if (before.active === person.active) return 'changed';
  return person.active ? 'enabled' : 'disabled';
}

function planPosts(
  person: ReadPerson,
  departmentIds: Map<string, string>,
  report: (problem: SyncProblem) => void,
): PlannedPost[] {
  const posts: PlannedPost[] = [];
  for (const { department, title } of person.posts) {
    const name = 'dn' in department ? department.dn : department.externalId.replaceAll('-', '');
    const departmentId = departmentIds.get(name);
    if (!departmentId) {
      report({
        kind: 'post.unknown_department',
        subject: person.dn,
        message: `There is no department ${name}.`,
      });
    } else if (!posts.some((post) => post.departmentId === departmentId)) {
      posts.push({ departmentId, title, main: posts.length === 0, position: posts.length });
    }
  }
  return posts;
}

function managerOf(
  person: ReadPerson,
  id: string,
  idByDn: Map<string, string>,
  report: (problem: SyncProblem) => void,
): string | null {
  if (!person.managerDn) return null;
  const managerId = idByDn.get(person.managerDn);
  if (managerId && managerId !== id) return managerId;
  const message = managerId
    ? 'The manager is the person themselves.'
    : `There is no person ${person.managerDn}.`;
  report({ kind: 'manager.unknown', subject: person.dn, message });
  return null;
}

function fingerprintOf(person: ReadPerson, posts: PlannedPost[], managerId: string | null): string {
  const { posts: _posts, managerDn: _managerDn, ...values } = person;
  return createHash('sha256')
    .update(canonicalJson({ ...values, posts, managerId }))
    .digest('base64url')
    .slice(0, 22);
}
