import { describe, expect, it } from '@jest/globals';
import type { Change, PersonChange, PersonValues } from './changes.js';
import { Tally } from './guards.js';
import type { Current } from './plan.js';

const department = (id: string, parentId: string | null = null): Current['departments'][number] => ({
  id,
  externalId: id,
  parentId,
  name: `D${id}`,
  position: 0,
  active: true,
});

/** So many people, the first ten of a hundred in the smaller department. */
function installation(count: number): Current {
  return {
    departments: [department('top'), department('small', 'top')],
    people: Array.from({ length: count }, (_, n) => ({
      id: `p${n}`,
      externalId: `p${n}`,
      dn: `uid=p${n}`,
      usernameKey: `p${n}`,
      departmentId: n < 60 ? 'small' : 'top',
      fingerprint: '',
      active: true,
    })),
  };
}

const values = (n: number, changes: Partial<PersonValues> = {}): PersonValues => ({
  externalId: `p${n}`,
  dn: `uid=p${n}`,
  username: `p${n}`,
  displayName: `P${n}`,
  givenName: null,
  title: null,
  rank: 1,
  staffNumber: null,
  email: `p${n}@x`,
  phone: null,
  mobile: null,
  departmentId: 'top',
  managerId: null,
  active: true,
  posts: [],
  fingerprint: '',
  stamp: '',
  ...changes,
});

const change = (
  n: number,
  after: Partial<PersonValues>,
  kind: PersonChange['change'] = 'changed',
): Change => ({
  subject: 'person',
  subjectId: `p${n}`,
  name: `P${n}`,
  change: kind,
  before: kind === 'added' ? null : values(n),
  after: values(n, after),
});

const lose = (from: number, count: number): Change[] =>
  Array.from({ length: count }, (_, i) => change(from + i, { active: false }, 'gone'));

function guardsOf(changes: Change[], current: Current, protectedIds: string[] = []): string[] {
  const tally = new Tally(current);
  for (const one of changes) tally.add(one);
  return tally
    .stops(new Set(protectedIds))
    .map(({ guard, subject }) => [guard, subject].filter(Boolean).join(' '));
}

describe('the guards of a plan', () => {
  it('let two percent of the people go, and stop at one more', () => {
    const current = installation(1000);
    expect(guardsOf(lose(100, 20), current)).toEqual([]);
    expect(guardsOf(lose(100, 21), current)).toEqual(['losses']);
  });

  it('let five go where two percent are fewer, and count those who were disabled like those who are gone', () => {
    const current = installation(50);
    expect(guardsOf(lose(0, 5), current)).toEqual([]);
    const disabled = lose(0, 6).map((one) => ({ ...one, change: 'disabled' }) as Change);
    expect(guardsOf(disabled, current)).toContain('losses');
  });

  it('stop when a fifth of a department of more than fifty would go, whatever that is of all', () => {
    const current = installation(1000);
    expect(guardsOf(lose(0, 12), current)).toEqual([]);
    expect(guardsOf(lose(0, 13), current)).toEqual(['department_losses Dsmall']);
  });

  it('stop when a protected account would be disabled', () => {
    expect(guardsOf(lose(3, 1), installation(100), ['p3'])).toEqual(['protected P3']);
    expect(guardsOf([change(3, { email: 'x' })], installation(100), ['p3'])).toEqual([]);
  });

  it('stop when the number of departments at the top changes', () => {
    const after = { externalId: 'new', parentId: null, name: 'New', position: 0, active: true };
    const added = {
      subject: 'department',
      subjectId: 'new',
      name: 'New',
      change: 'added',
      before: null,
      after,
    };
    expect(guardsOf([added as Change], installation(100))).toEqual(['roots']);
    const below = { ...added, after: { ...after, parentId: 'top' } };
    expect(guardsOf([below as Change], installation(100))).toEqual([]);
  });

  it('stop when many departments would be removed', () => {
    const current = installation(100);
    const extra = Array.from({ length: 10 }, (_, n) => department(`x${n}`, 'top'));
    current.departments.push(...extra);
    const gone = extra.map(({ id, ...before }): Change => {
      const after = { ...before, active: false };
      return { subject: 'department', subjectId: id, name: id, change: 'gone', before, after };
    });
    expect(guardsOf(gone.slice(0, 5), current)).toEqual([]);
    expect(guardsOf(gone.slice(0, 6), current)).toEqual(['departments_removed']);
  });

  it('stop when an attribute disappears from many people, as when a right to read it is lost', () => {
    const cleared = (count: number) =>
      Array.from({ length: count }, (_, n) => change(n, { email: null, departmentId: 'top' }));
    expect(guardsOf(cleared(50), installation(100))).toEqual([]);
    expect(guardsOf(cleared(51), installation(100))).toEqual(['attribute_losses email']);
  });

  it('stop when more than one percent take user names of others', () => {
    const current = installation(600);
    const taken = (count: number) =>
      Array.from({ length: count }, (_, n) => change(1000 + n, { username: `p${n}` }, 'added'));
    expect(guardsOf(taken(6), current)).toEqual([]);
    expect(guardsOf(taken(7), current)).toEqual(['conflicts']);
  });

  it('let a first synchronisation pass', () => {
    const added = Array.from({ length: 500 }, (_, n) => change(n, {}, 'added'));
    expect(guardsOf(added, { departments: [], people: [] })).toEqual([]);
  });
});
