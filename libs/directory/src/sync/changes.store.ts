import { Injectable } from '@nestjs/common';
import type { SyncChange } from '#contracts';
import { Database, takePositions, type Transaction } from '#persistence';
import { DepartmentRow, DepartmentVersionRow } from '../departments/department.entity.js';
import { addPersonVersions } from '../people/person-versions.store.js';
import type { Change, DepartmentChange, DepartmentValues, PersonChange, PersonValues } from './changes.js';
import { insertPosts, toColumns, upsertPeople } from './people-rows.js';
import type { Packed } from './packed.js';
import type { SyncChangeRow } from './sync-change.entity.js';

/** A change with its place in the plan. */
export type PlacedChange = Change & { ordinal: number };

/** The changes of plans, and doing them. */
@Injectable()
export class ChangesStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** Keeps a plan, page by page. */
  async keep(tx: Transaction, runId: string, changes: Packed<Change>): Promise<void> {
    let at = 0;
    for (const page of changes.jsonPages()) {
      const [kept] = await tx.query<{ count: number }>(keepSql, [runId, at, page]);
      at += kept!.count;
    }
  }

  /** Between which places of a plan lies what was not done yet. */
  async planned(
    runId: string,
    subject: Change['subject'],
  ): Promise<{ first: number; last: number } | undefined> {
    const [row] = await this.database.query<{ first: number | null; last: number }>(
      `select min(ordinal) as first, max(ordinal) as last from directory.sync_change
        where run_id = $1 and state = 'planned' and subject = $2`,
      [runId, subject],
    );
    return row!.first === null ? undefined : { first: row!.first, last: row!.last };
  }

  /** Changes of a stretch of a plan that were not done yet, as done from here on: nobody else does them too. */
  take(
    tx: Transaction,
    { runId, subject, from, to }: { runId: string; subject: Change['subject']; from: number; to: number },
  ): Promise<PlacedChange[]> {
    return tx.query<PlacedChange>(
      `with taken as (
         update directory.sync_change set state = 'applied'
          where run_id = $1 and ordinal between $3 and $4 and state = 'planned' and subject = $2
         returning ${columns})
       select * from taken order by ordinal`,
      [runId, subject, from, to],
    );
  }

  /** What a run has done, after a place in its plan. */
  applied(runId: string, after: number, limit: number): Promise<PlacedChange[]> {
    return this.database.query<PlacedChange>(
      `select ${columns} from directory.sync_change where run_id = $1 and state = 'applied' and ordinal > $2
        order by ordinal limit $3`,
      [runId, after, limit],
    );
  }

  /** How many people's entries a run has taken over in another version, so that their photos may be others too. */
  async photosDueCount(runId: string): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(`select count(*)::int as count ${photosDue}`, [
      runId,
    ]);
    return row!.count;
  }

  /** Those people, with their identities in the directory. */
  photosDue(runId: string): Promise<{ id: string; externalId: string }[]> {
    return this.database.query(
      `select subject_id as id, after ->> 'externalId' as "externalId" ${photosDue}`,
      [runId],
    );
  }

  /** In the order of applying. */
  list(
    runId: string,
    { after, change, limit }: { after: number; change?: SyncChange['change'] | undefined; limit: number },
  ): Promise<SyncChangeRow[]> {
    return this.database.query<SyncChangeRow>(
      `select ${columns}, state from directory.sync_change
        where run_id = $1 and ordinal > $2 and ($3::text is null or change = $3) order by ordinal limit $4`,
      [runId, after, change ?? null, limit],
    );
  }

  /** Of what was taken: it is left as it is. */
  async skip(tx: Transaction, runId: string, ordinals: number[]): Promise<void> {
    await tx.query(
      `update directory.sync_change set state = 'skipped' where run_id = $1 and ordinal = any($2::int[])`,
      [runId, ordinals],
    );
  }

  /** What these people are at this moment; with a transaction, until its end. */
  async people(ids: string[], tx?: Transaction): Promise<Map<string, PersonValues>> {
    const rows = await (tx ?? this.database).query<PersonValues & { id: string }>(
      `${peopleSql}${tx ? ' for update of person' : ''}`,
      [ids],
    );
    return new Map(rows.map(({ id, ...values }) => [id, values]));
  }

  /** The same of departments. */
  async departments(ids: string[], tx?: Transaction): Promise<Map<string, DepartmentValues>> {
    const rows = await (tx ?? this.database).query<DepartmentValues & { id: string }>(
      `${departmentsSql}${tx ? ' for update' : ''}`,
      [ids],
    );
    return new Map(rows.map(({ id, ...values }) => [id, values]));
  }

  async applyDepartments(tx: Transaction, sourceId: string, changes: DepartmentChange[]): Promise<void> {
    await tx.repository(DepartmentRow).upsert(
      changes.map(({ subjectId, after: { externalId, ...row } }) => ({
        ...row,
        id: subjectId,
        sourceId,
        externalId: Buffer.from(externalId, 'hex'),
      })),
      ['id'],
    );
    const { first, headAt } = await takePositions(tx, 'messages', changes.length);
    await tx.insert(
      DepartmentVersionRow,
      changes.map(({ subjectId, change, after: { parentId, name, position, active } }, i) => ({
        pos: first + i,
        departmentId: subjectId,
        at: new Date(headAt),
        change: change === 'added' || change === 'gone' ? change : ('changed' as const),
        attributes: { parentId, name, position, active },
      })),
    );
  }

  async applyPeople(tx: Transaction, sourceId: string, changes: PersonChange[]): Promise<void> {
    const people = changes.map(({ subjectId, after }) => ({ id: subjectId, ...after }));
    await tx.query(upsertPeople, [sourceId, JSON.stringify(people.map(toColumns))]);
    const known = changes.filter(({ before }) => before !== null).map(({ subjectId }) => subjectId);
    if (known.length > 0)
      await tx.query('delete from directory.post where person_id = any($1::uuid[])', [known]);
    await tx.query(insertPosts, [JSON.stringify(people.map(({ id, posts }) => ({ id, posts })))]);
    await addPersonVersions(
      tx,
      changes.map(({ subjectId, change, after }) => ({
        personId: subjectId,
        change,
        attributes: versionOf(after),
      })),
    );
  }
}

/** What exports and cases will want to know of a person at a position. */
function versionOf(person: PersonValues): Record<string, unknown> {
  const { dn: _dn, phone: _phone, mobile: _mobile, departmentId: _departmentId, ...rest } = person;
  const { fingerprint: _fingerprint, stamp: _stamp, ...attributes } = rest;
  return attributes;
}

const photosDue = `
  from directory.sync_change
 where run_id = $1 and subject = 'person' and state = 'applied' and change in ('added', 'changed', 'enabled')
   and after ->> 'stamp' is distinct from before ->> 'stamp'`;

const columns = `ordinal, subject, subject_id as "subjectId", name, change, before, after`;

const keepSql = `
  with kept as (
  insert into directory.sync_change (run_id, ordinal, subject, subject_id, name, change, before, after)
  select $1::uuid, $2::int + place, change ->> 'subject', (change ->> 'subjectId')::uuid, change ->> 'name',
         change ->> 'change', nullif(change -> 'before', 'null'::jsonb), change -> 'after'
    from jsonb_array_elements($3::jsonb) with ordinality as planned (change, place)
  returning 1)
  select count(*)::int as count from kept`;

const peopleSql = `
  select person.id, encode(external_id, 'hex') as "externalId", distinguished_name as dn, username,
         display_name as "displayName", given_name as "givenName", title, rank, staff_number as "staffNumber", email,
         phone, mobile, department_id as "departmentId", manager_id as "managerId", active, fingerprint, stamp,
         coalesce((select jsonb_agg(jsonb_build_object('departmentId', post.department_id, 'title', post.title,
                                                       'main', post.main, 'position', post.position)
                                    order by post.position)
                     from directory.post where post.person_id = person.id), '[]'::jsonb) as posts
    from directory.person where person.id = any($1::uuid[])`;

const departmentsSql = `
  select id, encode(external_id, 'hex') as "externalId", parent_id as "parentId", name, position, active
    from directory.department where id = any($1::uuid[])`;
