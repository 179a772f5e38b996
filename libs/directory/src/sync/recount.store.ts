import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';

/** What is counted once instead of with every look at the tree. */
@Injectable()
export class RecountStore {
  constructor(private readonly database: Database) {}

  /** Children, and people of each department with everything below it, each person once. */
  async recount(): Promise<void> {
    await this.database.query(recountDepartments);
  }
}

const recountDepartments = `
  with recursive above as (
    select id as department, id as ancestor, parent_id, 1 as depth from directory.department where active
    union all
    select above.department, parent.id, parent.parent_id, depth + 1
      from above join directory.department parent on parent.id = above.parent_id
     where parent.active and depth < 64
  ), people as (
    select above.ancestor as id, count(distinct post.person_id)::int as count
      from above join directory.post on post.department_id = above.department
      join directory.person on person.id = post.person_id and person.active
     group by above.ancestor
  ), children as (
    select parent_id as id, count(*)::int as count from directory.department
     where active and parent_id is not null group by parent_id
  )
  update directory.department d
     set people_count = coalesce(people.count, 0), child_count = coalesce(children.count, 0)
    from directory.department self
    left join people on people.id = self.id
    left join children on children.id = self.id
   where self.id = d.id
     and (d.people_count, d.child_count) is distinct from (coalesce(people.count, 0), coalesce(children.count, 0))`;
