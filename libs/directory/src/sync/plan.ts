import { hash } from 'node:crypto';
import { newId, type SyncProblem } from '#contracts';
import { canonicalJson } from '#platform';
import { normalDn } from '../ldap/distinguished-name.js';
import type { ReadDepartment, ReadPerson } from '../ldap/mapping.js';
import type { ChangeKind, DepartmentChange, PersonValues, PlannedPost } from './changes.js';
import { withoutCycles } from './managers.js';
import type { LongList } from './packed.js';
import { planDepartments, type KnownDepartment } from './plan-departments.js';

/** What the directory holds. */
export interface Snapshot {
  departments: ReadDepartment[];
  people: LongList<ReadPerson>;
  problems: SyncProblem[];
  /** DNs of entries of people that could not be read whole; whoever we know there is left as they are. */
  unreadable: string[];
}

/** What we hold, as far as comparing needs it. */
export interface Current {
  departments: KnownDepartment[];
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
  /** Made while it is gone through, once: there may be as many as the directory has. */
  people: Iterable<PlannedPerson>;
  /** People the directory no longer has. */
  gone: KnownPerson[];
  /** Whole when `people` is at its end. */
  problems: SyncProblem[];
}

type Report = (problem: SyncProblem) => void;

/** Compares a directory with what we hold. */
export function makePlan(snapshot: Snapshot, current: Current): Plan {
  const problems = [...snapshot.problems];
  const report: Report = (problem) => problems.push(problem);
  const departments = planDepartments(snapshot.departments, current.departments);
  const known = new Map(current.people.map((person) => [person.externalId, person]));
  const met = meetPeople(snapshot.people, known, report);
  return {
    departments: departments.planned,
    people: planPeople(snapshot.people, { known, met, departments: departments.ids }, report),
    gone: findGone(snapshot, current, met.ids),
    problems,
  };
}

/**
 * Compares people whose entries alone have changed, where every other one is as we hold it. Whoever is new or has an
 * unknown manager comes out as somebody with another place.
 * @param managers people whom some of them have above them, as we hold them
 */
export function planAlone(
  snapshot: Snapshot,
  current: Current,
  managers: readonly KnownPerson[],
): Pick<Plan, 'departments' | 'people' | 'problems'> {
  const problems = [...snapshot.problems];
  const report: Report = (problem) => problems.push(problem);
  const departments = planDepartments(snapshot.departments, current.departments);
  const known = new Map(current.people.map((person) => [person.externalId, person]));
  const idByDn = new Map(managers.map(({ dn, id }) => [dnKey(normalDn(dn)), id]));
  const ids = new Map<string, string>();
  const managerIds = new Map<string, string>();
  for (const { externalId, managerDn } of snapshot.people) {
    const id = known.get(externalId)?.id ?? newId();
    ids.set(externalId, id);
    const managerId = managerDn === null ? undefined : idByDn.get(dnKey(managerDn));
    if (managerId) managerIds.set(id, managerId);
  }
  const met = { ids, idByDn, managers: managerIds };
  const people = planPeople(snapshot.people, { known, met, departments: departments.ids }, report);
  return { departments: departments.planned, people, problems };
}

/** What has to be known of everybody before anybody can be planned. */
interface Met {
  /** Identity → id. */
  ids: ReadonlyMap<string, string>;
  /** Digest of a DN → id. */
  idByDn: ReadonlyMap<string, string>;
  /** Id → id of the manager, without those who are cut off. */
  managers: ReadonlyMap<string, string>;
}

/** Of equal DNs in normal form, 72 bits: a directory's own DNs would take much memory. */
const dnKey = (normal: string): string => hash('sha256', normal, 'base64url').slice(0, 12);

function meetPeople(
  people: Iterable<ReadPerson>,
  known: ReadonlyMap<string, KnownPerson>,
  report: Report,
): Met {
  const ids = new Map<string, string>();
  const idByDn = new Map<string, string>();
  const managerKeys = new Map<string, string>();
  for (const { externalId, dn, managerDn } of people) {
    if (ids.has(externalId)) {
      report({ kind: 'person.doubled', subject: dn, message: 'Another entry has the same identity.' });
      continue;
    }
    const id = known.get(externalId)?.id ?? newId();
    ids.set(externalId, id);
    idByDn.set(dnKey(normalDn(dn)), id);
    if (managerDn) managerKeys.set(id, dnKey(managerDn));
  }
  const managers = new Map<string, string>();
  for (const [id, key] of managerKeys) {
    const managerId = idByDn.get(key);
    if (managerId && managerId !== id) managers.set(id, managerId);
  }
  return { ids, idByDn, managers: withoutCycles(managers, () => {}) };
}

function* planPeople(
  people: Iterable<ReadPerson>,
  parts: {
    known: ReadonlyMap<string, KnownPerson>;
    met: Met;
    departments: ReadonlyMap<string, string>;
  },
  report: Report,
): Generator<PlannedPerson> {
  const { known, met, departments } = parts;
  const left = new Set(met.ids.keys());
  for (const person of people) {
    if (!left.delete(person.externalId)) continue;
    const before = known.get(person.externalId);
    const id = met.ids.get(person.externalId)!;
    const posts = planPosts(person, departments, report);
    const managerId = planManager(person, id, { met, report });
    const fingerprint = fingerprintOf(person, posts, managerId);
    if (before && before.fingerprint === fingerprint && before.active === person.active) continue;
    const { posts: _posts, managerDn: _managerDn, ...values } = person;
    const departmentId = posts[0]?.departmentId ?? null;
    const after = { ...values, posts, departmentId, managerId, fingerprint };
    yield { id, change: changeOf(before, person), after };
  }
}

function planManager(
  { dn, managerDn }: ReadPerson,
  id: string,
  { met, report }: { met: Met; report: Report },
): string | null {
  if (!managerDn) return null;
  const managerId = met.managers.get(id);
  if (managerId !== undefined) return managerId;
  const named = met.idByDn.get(dnKey(managerDn));
  if (named !== undefined && named !== id) {
    const message = 'The line of managers leads back to this person, so it ends here.';
    report({ kind: 'manager.cycle', subject: dn, message });
  } else {
    const message = named ? 'The manager is the person themselves.' : `There is no person ${managerDn}.`;
    report({ kind: 'manager.unknown', subject: dn, message });
  }
  return null;
}

/** Whom we know and the directory has not, leaving out those whose entry is there and could not be read. */
function findGone(snapshot: Snapshot, current: Current, ids: ReadonlyMap<string, string>): KnownPerson[] {
  const unreadable = new Set(snapshot.unreadable.map(normalDn));
  return current.people.filter(
    ({ active, externalId, dn }) => active && !ids.has(externalId) && !unreadable.has(normalDn(dn)),
  );
}

function changeOf(before: KnownPerson | undefined, person: ReadPerson): ChangeKind {
  if (!before) return 'added';
  if (before.active === person.active) return 'changed';
  return person.active ? 'enabled' : 'disabled';
}

function planPosts(
  person: ReadPerson,
  departments: ReadonlyMap<string, string>,
  report: Report,
): PlannedPost[] {
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

function fingerprintOf(person: ReadPerson, posts: PlannedPost[], managerId: string | null): string {
  const { posts: _posts, managerDn: _managerDn, ...values } = person;
  return hash('sha256', canonicalJson({ ...values, posts, managerId }), 'base64url').slice(0, 22);
}
