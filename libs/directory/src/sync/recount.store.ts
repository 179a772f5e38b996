import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';

/** What is done once after changes instead of with every look at people and the tree. */
@Injectable()
export class RecountStore {
  constructor(private readonly database: Database) {}

  /** Children, and people of each department with everything below it, each person once. */
  async recount(): Promise<void> {
    await this.database.query(recountDepartments);
  }

  /** Sorts into the index of search what was collected: else every search looks through it. */
  async settleTerms(): Promise<void> {
    await this.database.query('select directory.settle_terms()');
  }
}

const recountDepartments = `
  with posts as materialized (
    select post.person_id, post.department_id, count(*) over (partition by post.person_id) as of_person
      from directory.post join directory.person on person.id = post.person_id and person.active
  ), counted as (
    -- Who has one post is counted with everybody else of the department; only who has several may be met twice.
    select above.id, sum(one.count) as count
      from (select department_id, count(*) from posts where of_person = 1 group by department_id) one
      join directory.department_way w on w.department_id = one.department_id
     cross join unnest(w.way) as above (id) group by above.id
     union all
    select above.id, count(distinct posts.person_id)
      from posts join directory.department_way w on w.department_id = posts.department_id
     cross join unnest(w.way) as above (id) where of_person > 1 group by above.id
  ), people as (
    select id, sum(count)::int as count from counted group by id
  ), children as (
    select parent_id as id, count(*)::int as count from directory.department
     where active and parent_id is not null group by parent_id
  )
  update directory.department d
     set people_count = coalesce(people.count, 0), child_count = coalesce(children.count, 0)
    from directory.department self
    left join people on people.id = self.id and self.active
    left join children on children.id = self.id
   where self.id = d.id
     and (d.people_count, d.child_count) is distinct from (coalesce(people.count, 0), coalesce(children.count, 0))`;
