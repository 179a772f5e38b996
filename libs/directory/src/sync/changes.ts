import type { SyncChange } from '#contracts';
import { canonicalJson } from '#platform';

/** A department as its row has it. */
export interface DepartmentValues {
  externalId: string;
  parentId: string | null;
  name: string;
  position: number;
  active: boolean;
}

export interface PlannedPost {
  departmentId: string;
  title: string | null;
  main: boolean;
  position: number;
}

/** A person as their rows have them. */
export interface PersonValues {
  externalId: string;
  dn: string;
  username: string;
  displayName: string;
  givenName: string | null;
  title: string | null;
  rank: number;
  staffNumber: string | null;
  email: string | null;
  phone: string | null;
  mobile: string | null;
  departmentId: string | null;
  managerId: string | null;
  active: boolean;
  /** In the order of their importance. */
  posts: PlannedPost[];
  fingerprint: string;
  stamp: string;
}

export type ChangeKind = SyncChange['change'];

interface ChangeOf<Subject extends SyncChange['subject'], Values> {
  subject: Subject;
  subjectId: string;
  name: string;
  change: ChangeKind;
  /** Null for something new. */
  before: Values | null;
  after: Values;
}

/** One change, whole: enough to do it, to see that it was done, and to take it back. */
export type DepartmentChange = ChangeOf<'department', DepartmentValues>;
export type PersonChange = ChangeOf<'person', PersonValues>;
export type Change = DepartmentChange | PersonChange;

export const isPersonChange = (change: Change): change is PersonChange => change.subject === 'person';

/** Where the subject of a change stands: as before it, as after it, or changed otherwise meanwhile. */
export function standing(change: Change, now: Change['after'] | undefined): 'before' | 'after' | 'elsewhere' {
  if (now === undefined) return change.before === null ? 'before' : 'elsewhere';
  const current = canonicalJson(now);
  if (current === canonicalJson(change.after)) return 'after';
  return change.before !== null && current === canonicalJson(change.before) ? 'before' : 'elsewhere';
}

/** Whether somebody stays where they are, so that nothing of anybody else follows from it. */
export function isInPlace({ before, after }: PersonChange): boolean {
  const departments = ({ posts }: PersonValues) => posts.map(({ departmentId }) => departmentId).join();
  return (
    before !== null &&
    before.dn === after.dn &&
    before.managerId === after.managerId &&
    departments(before) === departments(after)
  );
}
