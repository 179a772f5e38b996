import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { SqlValues, type SqlCondition } from '../sql-values.js';

/** A department, and whether everything below it is meant too. */
export interface Branch {
  departmentId: string;
  withBelow: boolean;
}

export interface PeoplePage {
  ids: string[];
  /** Where the next page begins. */
  next?: string;
}

/** Active people with a post in a department, of whom a further condition holds. */
@Injectable()
export class DepartmentPeopleStore {
  constructor(private readonly database: Database) {}

  /**
   * In the order of their ids. Of the people looked at some may be left out, so a page says where the next one begins;
   * the last page says nothing.
   */
  async page(
    branch: Branch,
    meant: SqlCondition,
    { after, limit }: { after: string | undefined; limit: number },
  ): Promise<PeoplePage> {
    const values = new SqlValues(true);
    const [row] = await this.database.query<{ ids: string[]; last: string | null; count: number }>(
      `with posted as materialized (
         select distinct post.person_id as id from directory.post
          where post.person_id > ${values.add(after ?? nil, 'uuid')} and ${inBranch(branch, values)}
          order by 1 limit ${values.add(limit, 'int')})
       select (select id from posted order by id desc limit 1) as last, (select count(*) from posted) as count,
              array(select p.id from posted join directory.person p on p.id = posted.id
                     where p.active and p.kind = 'person' and ${meant(values)} order by p.id) as ids`,
      values.list,
    );
    const { ids, last, count } = row!;
    return { ids, ...(count === limit && last !== null && { next: last }) };
  }

  async among(ids: readonly string[], branch: Branch, meant: SqlCondition): Promise<Set<string>> {
    const values = new SqlValues();
    // Person by person through their posts, whatever the statistics say of the department.
    const rows = await this.database.query<{ id: string }>(
      `select p.id from unnest(${values.add(ids, 'uuid[]')}) as wanted (id)
         join directory.person p on p.id = wanted.id
        cross join lateral (
          select from (select department_id from directory.post where person_id = p.id offset 0) as post
           where ${inBranch(branch, values)} limit 1) as posted
        where p.active and p.kind = 'person' and ${meant(values)}`,
      values.list,
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** The heads first, then by rank. */
  async leading(branch: Branch, meant: SqlCondition, limit: number): Promise<string[]> {
    const values = new SqlValues(true);
    const here = values.add(branch.departmentId, 'uuid');
    const rows = await this.database.query<{ id: string }>(
      `with superiors as materialized (
         select distinct other.manager_id as id
           from directory.post beside join directory.person other on other.id = beside.person_id
          where (beside.department_id = ${here}
                 or beside.department_id in (select d.id from directory.department d where d.parent_id = ${here}))
            and other.active and other.manager_id <> other.id
       ), heads as materialized (
         select p.id from superiors join directory.person p on p.id = superiors.id
           join directory.post mine on mine.person_id = p.id and mine.department_id = ${here}
          where not exists (select from directory.person superior
                             where superior.id = p.manager_id and superior.department_id = ${here}))
       select p.id from directory.person p
        where p.active and p.kind = 'person'
          and p.id in (select post.person_id from directory.post where ${inBranch(branch, values)})
          and ${meant(values)}
        order by (p.id in (select id from heads)) desc, p.rank, p.sort_key, p.id
        limit ${values.add(limit, 'int')}`,
      values.list,
    );
    return rows.map(({ id }) => id);
  }

  /** Whether somebody heads a department, or one above it. */
  async isHead(personId: string, departmentId: string): Promise<boolean> {
    const rows = await this.database.query(
      `select from directory.department_way w cross join unnest(w.way) as above (id)
         join directory.post mine on mine.department_id = above.id and mine.person_id = $1
         join directory.person p on p.id = $1 and p.active
        where w.department_id = $2 and ${heads('p', 'above.id')} limit 1`,
      [personId, departmentId],
    );
    return rows.length > 0;
  }

  /** Departments in which any of the people has a post, and everything above them. */
  async waysOf(personIds: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `select distinct above.id from directory.post
         join directory.department_way w on w.department_id = post.department_id
        cross join unnest(w.way) as above (id) where post.person_id = any($1::uuid[])`,
      [personIds],
    );
    return rows.map(({ id }) => id);
  }

  async isThere(departmentId: string): Promise<boolean> {
    const rows = await this.database.query('select from directory.department where id = $1 and active', [
      departmentId,
    ]);
    return rows.length > 0;
  }
}

const nil = '00000000-0000-0000-0000-000000000000';

const inBranch = ({ departmentId, withBelow }: Branch, values: SqlValues): string => {
  const wanted = values.add(departmentId, 'uuid');
  if (!withBelow) return `post.department_id = ${wanted}`;
  return `post.department_id in (select w.department_id from directory.department_way w
                                  where w.way @> array[${wanted}])`;
};

/** Somebody to whom others here or directly below report, and who reports to nobody whose main post is here. */
const heads = (person: string, department: string): string => `(
  not exists (select from directory.person superior
               where superior.id = ${person}.manager_id and superior.department_id = ${department})
  and exists (
    select from directory.post beside join directory.person other on other.id = beside.person_id
     where (beside.department_id = ${department}
            or beside.department_id in (select d.id from directory.department d where d.parent_id = ${department}))
       and other.manager_id = ${person}.id and other.active and other.id <> ${person}.id))`;
