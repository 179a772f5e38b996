import { Injectable } from '@nestjs/common';
import { newId, type SyncCounts, type SyncProblem } from '#contracts';
import { Database, takePositions, withLock, type Transaction } from '#persistence';
import { DepartmentRow, DepartmentVersionRow } from '../departments/department.entity.js';
import { addPersonVersions } from '../people/person-versions.store.js';
import { foldText, searchTerms, sortKey } from '../people/search-terms.js';
import type { Current, PlannedDepartment, PlannedPerson } from './plan.js';
import { SourceRow, SyncRunRow } from './sync-run.entity.js';

const bytes = (externalId: string) => Buffer.from(externalId, 'hex');

@Injectable()
export class SyncStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** One synchronisation of a source at a time, whatever process it runs in. */
  exclusively(sourceId: string, work: () => Promise<void>): Promise<'ran' | 'held by another'> {
    return withLock(this.database, `chancery directory sync ${sourceId}`, work);
  }

  async ensureSource(name: string): Promise<string> {
    const sources = this.database.repository(SourceRow);
    await sources.createQueryBuilder().insert().values({ id: newId(), name }).orIgnore().execute();
    const { id } = await sources.findOneByOrFail({ name });
    return id;
  }

  async current(sourceId: string): Promise<Current> {
    const departments = await this.database.query<Current['departments'][number]>(
      `select id, encode(external_id, 'hex') as "externalId", parent_id as "parentId", name, position, active
         from directory.department where source_id = $1`,
      [sourceId],
    );
    const people = await this.database.query<Current['people'][number]>(
      `select id, encode(external_id, 'hex') as "externalId", fingerprint, active, stamp
         from directory.person where source_id = $1`,
      [sourceId],
    );
    return { departments, people };
  }

  async applyDepartments(tx: Transaction, sourceId: string, planned: PlannedDepartment[]): Promise<void> {
    await tx.repository(DepartmentRow).upsert(
      planned.map(({ change: _change, externalId, ...row }) => ({
        ...row,
        sourceId,
        externalId: bytes(externalId),
      })),
      ['id'],
    );
    const { first, headAt } = await takePositions(tx, 'messages', planned.length);
    await tx.insert(
      DepartmentVersionRow,
      planned.map(({ id, change, parentId, name, position }, i) => ({
        pos: first + i,
        departmentId: id,
        at: new Date(headAt),
        change,
        attributes: { parentId, name, position },
      })),
    );
  }

  async applyPeople(tx: Transaction, sourceId: string, planned: PlannedPerson[]): Promise<void> {
    await tx.query(upsertPeople, [sourceId, JSON.stringify(planned.map(toColumns))]);
    await tx.query('delete from directory.post where person_id = any($1::uuid[])', [
      planned.map(({ id }) => id),
    ]);
    await tx.query(insertPosts, [JSON.stringify(planned.map(({ id, posts }) => ({ id, posts })))]);
    await addPersonVersions(
      tx,
      planned.map(({ id, change, ...person }) => ({ personId: id, change, attributes: versionOf(person) })),
    );
  }

  async applyGone(tx: Transaction, ids: string[]): Promise<void> {
    await tx.query(
      'update directory.person set active = false, changed_at = now() where id = any($1::uuid[])',
      [ids],
    );
    await addPersonVersions(
      tx,
      ids.map((personId) => ({ personId, change: 'gone' as const, attributes: {} })),
    );
  }

  async setPhoto(personId: string, photo: string, type: string): Promise<void> {
    await this.database.query('update directory.person set photo = $2, photo_type = $3 where id = $1', [
      personId,
      photo,
      type,
    ]);
  }

  /** Children, and people of each department with everything below it, each person once. */
  async recount(): Promise<void> {
    await this.database.query(recountDepartments);
  }

  hasFinished(): Promise<boolean> {
    return this.database.repository(SyncRunRow).existsBy({ state: 'done' });
  }

  async begin(sourceId: string, counts: SyncCounts): Promise<string> {
    const id = newId();
    const startedAt = new Date();
    // A run that a crash cut short is over; what it had committed stays and is compared again.
    await this.database
      .repository(SyncRunRow)
      .update(
        { sourceId, state: 'running' },
        { state: 'failed', finishedAt: startedAt, failure: 'The process ended during the run.' },
      );
    await this.database.repository(SyncRunRow).insert({ id, sourceId, state: 'running', startedAt, counts });
    return id;
  }

  async finish(id: string, outcome: { counts: SyncCounts; problems: SyncProblem[]; failure: string | null }) {
    const { counts, problems, failure } = outcome;
    await this.database.repository(SyncRunRow).update(
      { id },
      {
        state: failure === null ? 'done' : 'failed',
        finishedAt: new Date(),
        counts,
        problemCount: problems.length,
        problems: problems.slice(0, 100),
        failure,
      },
    );
  }

  /** Latest first. */
  runs(
    limit: number,
    before?: { startedAt: Date; id: string },
  ): Promise<(SyncRunRow & { source: string })[]> {
    return this.database.query<SyncRunRow & { source: string }>(
      `select run.id, source.name as source, state, started_at as "startedAt", finished_at as "finishedAt", counts,
              problem_count as "problemCount", problems, failure
         from directory.sync_run run join directory.source source on source.id = run.source_id
        where $2::timestamptz is null or (started_at, run.id) < ($2, $3::uuid)
        order by started_at desc, run.id desc limit $1`,
      [limit, before?.startedAt ?? null, before?.id ?? null],
    );
  }
}

/** What exports and cases will want to know of a person at a position. */
function versionOf(person: Omit<PlannedPerson, 'id' | 'change'>): Record<string, unknown> {
  const {
    externalId,
    username,
    displayName,
    givenName,
    title,
    rank,
    staffNumber,
    email,
    posts,
    managerId,
    active,
  } = person;
  return {
    externalId,
    username,
    displayName,
    givenName,
    title,
    rank,
    staffNumber,
    email,
    posts,
    managerId,
    active,
  };
}

function toColumns(person: PlannedPerson): Record<string, unknown> {
  return {
    id: person.id,
    external_id: person.externalId,
    username: person.username,
    username_key: foldText(person.username),
    distinguished_name: person.dn,
    display_name: person.displayName,
    given_name: person.givenName,
    title: person.title,
    rank: person.rank,
    staff_number: person.staffNumber,
    email: person.email,
    phone: person.phone,
    mobile: person.mobile,
    department_id: person.departmentId,
    manager_id: person.managerId,
    active: person.active,
    sort_key: sortKey(person.displayName),
    terms: searchTerms(person),
    fingerprint: person.fingerprint,
    stamp: person.stamp,
  };
}

const columns = [
  'username',
  'username_key',
  'distinguished_name',
  'display_name',
  'given_name',
  'title',
  'rank',
  'staff_number',
  'email',
  'phone',
  'mobile',
  'department_id',
  'manager_id',
  'active',
  'sort_key',
  'fingerprint',
  'stamp',
];

const upsertPeople = `
  insert into directory.person (id, source_id, external_id, changed_at, terms, ${columns.join(', ')})
  select id, $1::uuid, decode(external_id, 'hex'), now(), array_to_tsvector(terms), ${columns.join(', ')}
    from jsonb_to_recordset($2::jsonb) as planned (
      id uuid, external_id text, terms text[], username text, username_key text, distinguished_name text,
      display_name text, given_name text, title text, rank integer, staff_number text, email text, phone text,
      mobile text, department_id uuid, manager_id uuid, active boolean, sort_key text, fingerprint text, stamp text)
  on conflict (id) do update set changed_at = excluded.changed_at, terms = excluded.terms,
    ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`;

const insertPosts = `
  insert into directory.post (person_id, department_id, title, main, position)
  select planned.id, post."departmentId", post.title, post.main, post.position
    from jsonb_to_recordset($1::jsonb) as planned (id uuid, posts jsonb),
         jsonb_to_recordset(planned.posts) as post ("departmentId" uuid, title text, main boolean, position integer)`;

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
