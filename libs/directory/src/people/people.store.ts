import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { SqlValues, type SqlCondition } from '../sql-values.js';
import type { PersonRow } from './person.entity.js';
import { foldText } from './search-terms.js';

/** A row of a list. */
export interface SummaryRow {
  id: string;
  kind: 'person' | 'bot';
  username: string;
  displayName: string;
  title: string | null;
  departmentId: string | null;
  departmentName: string | null;
  photo: string | null;
  active: boolean;
}

export const summaryColumns = `
  p.id, p.kind, p.username, p.display_name as "displayName", p.title, p.department_id as "departmentId",
  d.name as "departmentName", p.photo, p.active`;

export interface PostView {
  departmentId: string;
  path: string[];
  title: string | null;
  main: boolean;
}

@Injectable()
export class PeopleStore {
  constructor(private readonly database: Database) {}

  byIds(ids: readonly string[]): Promise<SummaryRow[]> {
    return this.database.query<SummaryRow>(
      `select ${summaryColumns} from directory.person p left join directory.department d on d.id = p.department_id
        where p.id = any($1::uuid[])`,
      [ids],
    );
  }

  /** Those of the ids whose people meet a condition, in the order given. */
  async idsWhere(ids: readonly string[], condition: SqlCondition): Promise<string[]> {
    if (ids.length === 0) return [];
    const values = new SqlValues();
    const wanted = values.add(ids, 'uuid[]');
    const rows = await this.database.query<{ id: string }>(
      `select p.id from directory.person p where p.id = any(${wanted}) and ${condition(values)}`,
      values.list,
    );
    const found = new Set(rows.map(({ id }) => id));
    return ids.filter((id) => found.has(id));
  }

  /** The superiors of a person, the next one first. A line that comes back on itself ends there. */
  async managerLine(id: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `with recursive line as (
         select manager_id as id, 1 as depth from directory.person where id = $1
         union all
         select person.manager_id, depth + 1 from line join directory.person on person.id = line.id
          where depth < 16 and person.active
       ) cycle id set is_cycle using way
       select line.id from line join directory.person on person.id = line.id
        where not is_cycle and line.id <> $1 and person.active order by depth`,
      [id],
    );
    return rows.map((row) => row.id);
  }

  async find(id: string): Promise<PersonDetails | undefined> {
    const [row] = await this.database.query<PersonDetails>(
      `select ${summaryColumns}, p.given_name as "givenName", p.staff_number as "staffNumber", p.email, p.phone, p.mobile,
              p.manager_id as "managerId", p.photo_type as "photoType"
         from directory.person p left join directory.department d on d.id = p.department_id
        where p.id = $1`,
      [id],
    );
    return row;
  }

  /** Posts with the way down to each department, the main one first. */
  posts(personId: string): Promise<PostView[]> {
    return this.database.query<PostView>(
      `with recursive way as (
         select post.department_id as department, d.parent_id, array[d.name] as path, 1 as depth
           from directory.post join directory.department d on d.id = post.department_id
          where post.person_id = $1
         union all
         select way.department, d.parent_id, d.name || way.path, depth + 1
           from way join directory.department d on d.id = way.parent_id where depth < 64
       )
       select post.department_id as "departmentId", way.path, post.title, post.main
         from directory.post join way on way.department = post.department_id and way.parent_id is null
        where post.person_id = $1
        order by post.position`,
      [personId],
    );
  }

  /** Of several people with one user name, an active one of the directory that comes first. */
  async findByUsername(usernameKey: string): Promise<PersonAccount | undefined> {
    const rows = await this.database.query<PersonAccount>(
      `select p.id, p.source_id as "sourceId", username, display_name as "displayName",
              distinguished_name as "distinguishedName", active
         from directory.person p join directory.source source on source.id = p.source_id
        where username_key = $1 and kind = 'person'
        order by active desc, source.precedence, p.id limit 1`,
      [usernameKey],
    );
    return rows[0];
  }

  /** The one active person with a staff number; undefined also where several have it. */
  async findByStaffNumber(staffNumber: string): Promise<PersonAccount | undefined> {
    const rows = await this.database.query<PersonAccount>(
      `select id, source_id as "sourceId", username, display_name as "displayName", distinguished_name as "distinguishedName", active
         from directory.person where lower(staff_number) = $1 and kind = 'person' and active limit 2`,
      [staffNumber],
    );
    return rows.length === 1 ? rows[0] : undefined;
  }

  /** The one active person of whom this is true; undefined where it is nobody, or several. */
  async idBy(attribute: 'username' | 'staffNumber' | 'email', value: string): Promise<string | undefined> {
    const condition = {
      username: 'username_key = $1',
      staffNumber: 'lower(staff_number) = lower($1)',
      email: 'lower(email) = lower($1)',
    }[attribute];
    const rows = await this.database.query<{ id: string }>(
      `select id from directory.person where ${condition} and kind = 'person' and active limit 2`,
      [attribute === 'username' ? foldText(value) : value],
    );
    return rows.length === 1 ? rows[0]!.id : undefined;
  }

  /** Ids that belong to active people. */
  async activeAmong(ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ id: string }>(
      'select id from directory.person where id = any($1::uuid[]) and active',
      [ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  async counts(): Promise<{ active: number; disabled: number; departments: number }> {
    const [row] = await this.database.query<{ active: number; disabled: number; departments: number }>(
      `select (select count(*) from directory.person where active and kind = 'person') as active,
              (select count(*) from directory.person where not active and kind = 'person') as disabled,
              (select count(*) from directory.department where active) as departments`,
    );
    return row!;
  }

  /** What people were called, version by version, up to a position of the log. */
  nameVersions(ids: readonly string[], upToPos: number): Promise<(NameVersion & { personId: string })[]> {
    return this.database.query(
      `select person_id as "personId", pos, attributes ->> 'displayName' as "displayName",
              attributes ->> 'username' as username
         from directory.person_version
        where person_id = any($1::uuid[]) and pos <= $2 and attributes ->> 'displayName' is not null
        order by person_id, pos`,
      [ids, upToPos],
    );
  }

  async departure(id: string): Promise<number | undefined> {
    const [row] = await this.database.query<{ pos: number }>(
      `select version.pos from directory.person join directory.person_version version on version.person_id = person.id
        where person.id = $1 and not person.active and version.change in ('disabled', 'gone')
        order by version.pos desc limit 1`,
      [id],
    );
    return row?.pos;
  }

  /** Changes of people after a position of the log, in order. */
  changesAfter(pos: number, limit: number): Promise<PersonChange[]> {
    return this.database.query(
      `select pos, person_id as "personId", change from directory.person_version
        where pos > $1 order by pos limit $2`,
      [pos, limit],
    );
  }

  /** Changes of people and departments after a position of the log, in order. */
  organisationChangesAfter(pos: number, limit: number): Promise<OrganisationChange[]> {
    return this.database.query(organisationSql, [pos, limit]);
  }
}

/** What of the organisation has changed, at its position of the log. */
export interface OrganisationChange {
  pos: number;
  subject: 'person' | 'department';
  id: string;
  /** Of a department that was there before: whether it is somewhere else, gone, or back. */
  moved: boolean;
}

const organisationSql = `
  select * from (
    (select pos, 'person' as subject, person_id as id, false as moved from directory.person_version
      where pos > $1 order by pos limit $2)
    union all
    (select v.pos, 'department', v.department_id,
            former.attributes is not null
              and (v.attributes ->> 'parentId', v.attributes ->> 'active')
                  is distinct from (former.attributes ->> 'parentId', former.attributes ->> 'active')
       from directory.department_version v
       left join lateral (
         select attributes from directory.department_version earlier
          where earlier.department_id = v.department_id and earlier.pos < v.pos order by earlier.pos desc limit 1
       ) former on true
      where v.pos > $1 order by v.pos limit $2)) as change
   order by pos limit $2`;

/** A change of a person, at its position of the log. */
export interface PersonChange {
  pos: number;
  personId: string;
  change: string;
}

/** A name from a position of the log on. */
export interface NameVersion {
  pos: number;
  displayName: string;
  username: string;
}

export interface PersonDetails extends SummaryRow {
  givenName: string | null;
  staffNumber: string | null;
  email: string | null;
  phone: string | null;
  mobile: string | null;
  managerId: string | null;
  photoType: string | null;
}

export type PersonAccount = Pick<
  PersonRow,
  'id' | 'sourceId' | 'username' | 'displayName' | 'distinguishedName' | 'active'
>;
