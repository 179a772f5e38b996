import { Injectable } from '@nestjs/common';
import type { PolicyScope } from '#governance';
import { Database } from '#persistence';

/** Departments above one another, at most. */
const heightMost = 64;

@Injectable()
export class PolicyPlacesStore {
  constructor(private readonly database: Database) {}

  /** For every post, the main one first: the department and those above it, nearest first. */
  async departmentsOf(personId: string): Promise<string[][]> {
    const rows = await this.database.query<{ post: string; id: string }>(
      `with recursive way as (
         select department_id as post, department_id as id, main, position, 0 as height
           from directory.post where person_id = $1
         union all
         select way.post, d.parent_id, way.main, way.position, way.height + 1
           from way join directory.department d on d.id = way.id
          where d.parent_id is not null and way.height < $2
       ) select post, id from way order by main desc, position, post, height`,
      [personId, heightMost],
    );
    return [...Map.groupBy(rows, ({ post }) => post).values()].map((way) => way.map(({ id }) => id));
  }

  async nameOf({ kind, id }: PolicyScope): Promise<string | null> {
    const sql = {
      department: 'select name from directory.department where id = $1 and active',
      person: 'select display_name as name from directory.person where id = $1',
    };
    if (kind !== 'department' && kind !== 'person') return null;
    const [row] = await this.database.query<{ name: string }>(sql[kind], [id]);
    return row?.name ?? null;
  }

  async peopleIn({ kind, id }: PolicyScope): Promise<number> {
    const sql = {
      installation: 'select count(*) from directory.person where active and $1::uuid is not null',
      department: 'select people_count as count from directory.department where id = $1',
      person: 'select count(*) from directory.person where id = $1 and active',
    };
    if (kind === 'conversation') return 0;
    const [row] = await this.database.query<{ count: number }>(sql[kind], [id]);
    return row?.count ?? 0;
  }
}
