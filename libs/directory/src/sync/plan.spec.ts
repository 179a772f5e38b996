import { describe, expect, it } from '@jest/globals';
import type { ReadDepartment, ReadPerson } from '../ldap/mapping.js';
import { foldText } from '../people/search-terms.js';
import { makePlan as beginPlan, type Current, type PlannedPerson, type Snapshot } from './plan.js';
import type { DepartmentChange } from './changes.js';

const hex = (n: number) => n.toString(16).padStart(32, '0');
const base = 'dc=example';

const department = (n: number, name = `D${n}`, parentDn = base): ReadDepartment => ({
  externalId: hex(n),
  dn: `ou=${name.toLowerCase()},${parentDn}`,
  parentDn,
  name,
  position: n,
});

const person = (n: number, changes: Partial<ReadPerson> = {}): ReadPerson => ({
  externalId: hex(1000 + n),
  dn: `uid=p${n},${base}`,
  username: `p${n}`,
  displayName: `Person ${n}`,
  givenName: null,
  title: null,
  rank: 10,
  staffNumber: null,
  email: null,
  phone: null,
  mobile: null,
  managerDn: null,
  posts: [{ department: { externalId: hex(1) }, title: null }],
  active: true,
  stamp: '1',
  ...changes,
});

const snapshot = (people: ReadPerson[], departments = [department(1)]): Snapshot => ({
  departments,
  people,
  problems: [],
  unreadable: [],
});

/** Gone through to its end. */
function makePlan(from: Snapshot, to: Current) {
  const plan = beginPlan(from, to);
  const people = [...plan.people];
  return { ...plan, people, kinds: people.map(({ change }) => change) };
}

const nothing: Current = { departments: [], people: [] };

/** What we would hold after a plan was applied to nothing. */
const after = (plan: { people: PlannedPerson[]; departments: DepartmentChange[] }): Current => ({
  departments: plan.departments.map(({ subjectId, after: values }) => ({ id: subjectId, ...values })),
  people: plan.people.map(
    ({ id, after: { externalId, dn, username, departmentId, fingerprint, active } }) => ({
      ...{ id, externalId, dn, departmentId, fingerprint, active },
      usernameKey: foldText(username),
    }),
  ),
});

describe('a plan of synchronisation', () => {
  it('adds everybody to an empty installation', () => {
    const plan = makePlan(snapshot([person(1), person(2, { managerDn: `uid=p1,${base}` })]), nothing);
    expect(plan.kinds).toEqual(['added', 'added']);
    expect(plan.departments).toMatchObject([{ change: 'added' }]);
    expect(plan.people[1]?.after.managerId).toBe(plan.people[0]?.id);
    expect(plan.people[0]?.after.departmentId).toBe(plan.departments[0]?.subjectId);
  });

  it('does nothing the second time', () => {
    const same = snapshot([person(1), person(2)]);
    const plan = makePlan(same, after(makePlan(same, nothing)));
    expect(plan.people).toEqual([]);
    expect(plan.departments).toEqual([]);
    expect(plan.gone).toEqual([]);
  });

  it('keeps the identity of a person who was renamed and moved', () => {
    const first = makePlan(snapshot([person(1)]), nothing);
    const moved = person(1, { dn: `uid=new,${base}`, username: 'new', displayName: 'New', stamp: '2' });
    const plan = makePlan(snapshot([moved]), after(first));
    expect(plan.people).toMatchObject([
      { id: first.people[0]?.id, after: { username: 'new' }, change: 'changed' },
    ]);
  });

  it('disables who is disabled in the directory or missing from it, and enables who is back', () => {
    const first = makePlan(snapshot([person(1), person(2), person(3)]), nothing);
    const second = makePlan(snapshot([person(1, { active: false }), person(2)]), after(first));
    expect(second.people).toMatchObject([{ change: 'disabled' }]);
    expect(second.gone).toMatchObject([{ id: first.people[2]?.id }]);
    const disabled = makePlan(snapshot([person(1, { active: false })]), nothing);
    expect(makePlan(snapshot([person(1)]), after(disabled)).people).toMatchObject([{ change: 'enabled' }]);
  });

  it('moves a department with its identity, and closes one that is gone', () => {
    const first = makePlan(snapshot([person(1)], [department(1), department(2)]), nothing);
    const moved = [department(1), department(2, 'D2', 'ou=d1,dc=example')];
    const plan = makePlan(snapshot([person(1)], moved), after(first));
    expect(plan.departments).toMatchObject([
      {
        subjectId: first.departments[1]?.subjectId,
        after: { parentId: first.departments[0]?.subjectId },
        change: 'changed',
      },
    ]);
    const closed = makePlan(snapshot([person(1)], [department(1)]), after(first));
    expect(closed.departments).toMatchObject([
      { subjectId: first.departments[1]?.subjectId, after: { active: false }, change: 'gone' },
    ]);
  });

  it('leaves whoever cannot be read as they are', () => {
    const first = makePlan(snapshot([person(1), person(2)]), nothing);
    const half = { ...snapshot([person(1)]), unreadable: [person(2).dn.toUpperCase()] };
    expect(makePlan(half, after(first)).gone).toEqual([]);
  });

  it('takes no other identity for a recreated account with the same name', () => {
    const first = makePlan(snapshot([person(1)]), nothing);
    const recreated = person(9, { dn: person(1).dn, username: 'p1' });
    const plan = makePlan(snapshot([recreated]), after(first));
    expect(plan.gone).toMatchObject([{ id: first.people[0]?.id }]);
    expect(plan.people).toMatchObject([{ change: 'added', after: { username: 'p1' } }]);
    expect(plan.people[0]?.id).not.toBe(first.people[0]?.id);
  });

  it('takes a change of case for a change of spelling', () => {
    const first = makePlan(snapshot([person(1)]), nothing);
    const plan = makePlan(snapshot([person(1, { username: 'P1', dn: 'UID=P1,DC=Example' })]), after(first));
    expect(plan.people).toMatchObject([{ id: first.people[0]?.id, change: 'changed' }]);
    expect(plan.gone).toEqual([]);
  });

  it('swaps the mail addresses of two people, and lets two have one', () => {
    const first = makePlan(snapshot([person(1, { email: 'a@x' }), person(2, { email: 'b@x' })]), nothing);
    const swapped = [person(1, { email: 'b@x' }), person(2, { email: 'a@x' }), person(3, { email: 'a@x' })];
    const plan = makePlan(snapshot(swapped), after(first));
    expect(plan.kinds).toEqual(['changed', 'changed', 'added']);
  });

  it('cuts a line of managers that leads back to itself, at the same place in every run', () => {
    const circle = [1, 2, 3].map((n) => person(n, { managerDn: `uid=p${(n % 3) + 1},${base}` }));
    const first = makePlan(snapshot(circle), nothing);
    expect(first.people.filter(({ after: { managerId } }) => managerId === null)).toHaveLength(1);
    expect(first.problems).toMatchObject([{ kind: 'manager.cycle' }]);
    expect(makePlan(snapshot(circle), after(first)).people).toEqual([]);
  });

  it('reports what it cannot use and goes on', () => {
    const odd = [
      person(1, { managerDn: `uid=p1,${base}` }),
      person(2, { posts: [{ department: { externalId: hex(99) }, title: null }] }),
      person(2),
    ];
    const plan = makePlan(snapshot(odd), nothing);
    expect(plan.problems.map(({ kind }) => kind).sort()).toEqual([
      'manager.unknown',
      'person.doubled',
      'post.unknown_department',
    ]);
    expect(plan.kinds).toEqual(['added', 'added']);
  });
});
