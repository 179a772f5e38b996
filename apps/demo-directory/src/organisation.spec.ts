import { beforeAll, describe, expect, it } from '@jest/globals';
import { departmentCountFor, departmentsUpTo } from './departments.js';
import { Organisation, type Person } from './organisation.js';

const seed = 48_014;

function everybody(organisation: Organisation): Person[] {
  return organisation.uids.map((_, index) => organisation.person(index));
}

describe('the demo organisation', () => {
  let ministry: Organisation;
  let people: Person[];

  beforeAll(() => {
    ministry = new Organisation(seed, 300);
    people = everybody(ministry);
  });

  it('is the same for the same seed and another for another', () => {
    expect(everybody(new Organisation(seed, 300))).toEqual(people);
    expect(everybody(new Organisation(seed + 1, 300))).not.toEqual(people);
  });

  it.each([1, 2, 17, 150, 299])('has the same first %i people and departments whatever its size', (size) => {
    const smaller = new Organisation(seed, size);
    expect(everybody(smaller)).toEqual(people.slice(0, size));
    expect(smaller.departments).toEqual(ministry.departments.slice(0, smaller.departments.length));
    for (const { index } of smaller.departments) expect(smaller.headOf(index)).toBe(ministry.headOf(index));
  });

  it('keeps every identifier when it grows', () => {
    const larger = new Organisation(seed, 5000);
    expect(everybody(larger).slice(0, 300)).toEqual(people);
    expect(larger.personUuid(299)).toBe(ministry.personUuid(299));
    expect(larger.departmentUuid(39)).toBe(ministry.departmentUuid(39));
  });

  it('has about forty departments on four levels at 300 people', () => {
    expect(ministry.departments).toHaveLength(40);
    expect(new Set(ministry.departments.map(({ level }) => level))).toEqual(new Set([1, 2, 3, 4]));
    expect(ministry.departments.filter(({ parent }) => parent === undefined)).toHaveLength(1);
  });

  it('has about two thousand departments at 200,000 people, no two of one name side by side', () => {
    const departments = departmentsUpTo(departmentCountFor(200_000));
    expect(departments.length).toBeGreaterThan(1900);
    expect(new Set(departments.map(({ parent, name }) => `${parent}/${name}`)).size).toBe(departments.length);
  });

  it('founds at most one department per newcomer, so that everyone of them has a head', () => {
    for (let size = 1; size < 200_000; size += 1) {
      const founded = departmentCountFor(size + 1) - departmentCountFor(size);
      if (founded !== 0 && founded !== 1)
        throw new Error(`${founded} departments are founded at ${size + 1}`);
    }
  });

  it('puts the head of the department above everybody, and the head of the parent above the head', () => {
    for (const person of people) {
      const department = ministry.department(person.posts[0].department);
      const head = ministry.headOf(department.index);
      const above = department.parent === undefined ? undefined : ministry.headOf(department.parent);
      expect(person.manager).toBe(head === person.index ? above : head);
    }
  });

  it('has a line of superiors that ends at the minister', () => {
    const large = new Organisation(seed, 3000);
    for (let index = 0; index < large.people; index += 1) {
      let steps = 0;
      for (let above = large.managerOf(index); above !== undefined; above = large.managerOf(above))
        steps += 1;
      expect(steps).toBeLessThanOrEqual(4);
    }
    expect(people.filter(({ manager }) => manager === undefined).map(({ posts }) => posts[0].title)).toEqual([
      '部长',
    ]);
  });

  it('gives some people a second post in another department', () => {
    const several = people.filter(({ posts }) => posts.length > 1);
    expect(several.length).toBeGreaterThan(10);
    for (const { posts } of several) expect(posts[1]?.department).not.toBe(posts[0].department);
  });

  it('has locked about two people in a hundred, and no head', () => {
    const locked = everybody(new Organisation(seed, 5000)).filter(({ disabled }) => disabled);
    expect(locked.length).toBeGreaterThan(80);
    expect(locked.length).toBeLessThanOrEqual(100);
    expect(people.filter(({ disabled }) => disabled)).toHaveLength(6);
    for (const { index } of people.filter(({ disabled }) => disabled)) {
      for (const department of ministry.departments)
        expect(ministry.headOf(department.index)).not.toBe(index);
    }
  });

  it('has the names that break careless software', () => {
    const surnames = new Set(people.map(({ name }) => name.surname));
    for (const surname of ['单', '解', '曾', '仇', '欧阳', '司马']) expect(surnames).toContain(surname);
    const written = people.map(({ name }) => name.display).join(' ');
    for (const character of ['𬭎', '㛃', '䶮']) expect(written).toContain(character);
    expect(people.filter(({ name }) => name.alias).length).toBeGreaterThan(20);
  });

  it('has about twelve names in a hundred that are not Chinese', () => {
    const chinese = /^\p{Script=Han}{2,4}$/u;
    const others = everybody(new Organisation(seed, 5000)).filter(({ name }) => !chinese.test(name.display));
    expect(others.length / 5000).toBeGreaterThan(0.08);
    expect(others.length / 5000).toBeLessThan(0.14);
  });

  it('gives everybody an account name of their own in plain letters', () => {
    const { uids } = new Organisation(seed, 20_000);
    expect(new Set(uids).size).toBe(20_000);
    for (const uid of uids) expect(uid).toMatch(/^[a-z]+(\.[a-z]+)?\d*$/);
  });

  it('has photos of most of the first 300 people', () => {
    expect(people.filter(({ hasPhoto }) => hasPhoto).length).toBeGreaterThan(250);
  });
});
