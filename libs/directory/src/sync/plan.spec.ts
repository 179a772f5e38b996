import { describe, expect, it } from '@jest/globals';
import type { ReadDepartment, ReadPerson } from '../ldap/mapping.js';
import { ImplausibleSnapshot, makePlan, type Current, type Plan, type Snapshot } from './plan.js';

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
});

const nothing: Current = { departments: [], people: [] };

/** What we would hold after a plan was applied to nothing. */
const after = (plan: Plan): Current => ({
  departments: plan.departments.map(({ change: _change, ...row }) => row),
  people: plan.people.map(({ id, externalId, fingerprint, active, stamp }) => ({
    id,
    externalId,
    fingerprint,
    active,
    stamp,
  })),
});

describe('a plan of synchronisation', () => {
  it('adds everybody to an empty installation', () => {
    const plan = makePlan(snapshot([person(1), person(2, { managerDn: `uid=p1,${base}` })]), nothing);
    expect(plan.counts).toMatchObject({ peopleAdded: 2, departmentsAdded: 1 });
    expect(plan.people[1]?.managerId).toBe(plan.people[0]?.id);
    expect(plan.people[0]?.departmentId).toBe(plan.departments[0]?.id);
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
      { id: first.people[0]?.id, username: 'new', change: 'changed', readPhoto: true },
    ]);
  });

  it('disables who is disabled in the directory or missing from it, and enables who is back', () => {
    const first = makePlan(snapshot([person(1), person(2), person(3)]), nothing);
    const second = makePlan(snapshot([person(1, { active: false }), person(2)]), after(first));
    expect(second.people).toMatchObject([{ change: 'disabled' }]);
    expect(second.gone).toEqual([first.people[2]?.id]);
    expect(second.counts.peopleDisabled).toBe(2);
    const disabled = makePlan(snapshot([person(1, { active: false })]), nothing);
    expect(makePlan(snapshot([person(1)]), after(disabled)).people).toMatchObject([{ change: 'enabled' }]);
  });

  it('moves a department with its identity, and closes one that is gone', () => {
    const first = makePlan(snapshot([person(1)], [department(1), department(2)]), nothing);
    const moved = [department(1), department(2, 'D2', 'ou=d1,dc=example')];
    const plan = makePlan(snapshot([person(1)], moved), after(first));
    expect(plan.departments).toMatchObject([
      { id: first.departments[1]?.id, parentId: first.departments[0]?.id, change: 'changed' },
    ]);
    const closed = makePlan(snapshot([person(1)], [department(1)]), after(first));
    expect(closed.departments).toMatchObject([
      { id: first.departments[1]?.id, active: false, change: 'gone' },
    ]);
  });

  it('refuses a directory that delivers nobody', () => {
    const first = makePlan(snapshot([person(1)]), nothing);
    expect(() => makePlan(snapshot([]), after(first))).toThrow(ImplausibleSnapshot);
  });

  it('refuses to disable more than five people and two percent at once', () => {
    const people = Array.from({ length: 100 }, (_, n) => person(n));
    const first = after(makePlan(snapshot(people), nothing));
    expect(makePlan(snapshot(people.slice(5)), first).gone).toHaveLength(5);
    expect(() => makePlan(snapshot(people.slice(6)), first)).toThrow(ImplausibleSnapshot);
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
    expect(plan.counts.peopleAdded).toBe(2);
  });
});
