import { Injectable } from '@nestjs/common';
import type { VisibilityRule } from '#contracts';
import { Database, type Transaction } from '#persistence';
import { SqlValues, type SqlCondition } from '../sql-values.js';
import { sideSql } from './rule-sql.store.js';
import { VisibilityVersionRow } from './visibility.entity.js';
import type { ViewerFacts } from './viewer.js';

/** What a viewer is, and which rules and which directory hold at this moment. */
export interface ViewerNow extends ViewerFacts {
  version: number;
  /** Changes with every change of people or departments. */
  stand: string;
}

/** People of a department, and below it, whom a viewer may not see. */
export interface HiddenCount {
  departmentId: string;
  parentId: string | null;
  hidden: number;
  all: number;
}

@Injectable()
export class VisibilityStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  async viewer(id: string): Promise<ViewerNow> {
    const [row] = await this.database.query<ViewerNow>(viewerSql, [id]);
    return row!;
  }

  /** Number of the latest version; 0 before the first. */
  async latest(): Promise<number> {
    const [row] = await this.database.query<{ version: number }>(latestSql);
    return row!.version;
  }

  /** The latest version, or one by its number; none before the first. */
  async version(number?: number): Promise<VisibilityVersionRow | undefined> {
    const [row] = await this.versions(1, number === undefined ? undefined : number + 1);
    return row;
  }

  /** Latest first. */
  versions(limit: number, before?: number): Promise<VisibilityVersionRow[]> {
    return this.database.query<VisibilityVersionRow>(
      `${versionSql} where $2::int is null or version < $2
      order by version desc limit $1`,
      [limit, before ?? null],
    );
  }

  /** Changes wait for each other; the newest version is read under the lock. */
  async lockLatest(tx: Transaction): Promise<number> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('chancery visibility', 0))`);
    const [row] = await tx.query<{ version: number }>(latestSql);
    return row!.version;
  }

  async made(tx: Transaction, byId: string, clientId: string): Promise<VisibilityVersionRow | undefined> {
    const [row] = await tx.query<VisibilityVersionRow>(
      `${versionSql} where changed_by_id = $1 and client_id = $2`,
      [byId, clientId],
    );
    return row;
  }

  async add(tx: Transaction, row: Omit<VisibilityVersionRow, 'changedAt'>): Promise<void> {
    await tx.insert(VisibilityVersionRow, row);
  }

  /** Active people for whom a condition holds. */
  async count(condition?: SqlCondition): Promise<number> {
    const values = new SqlValues(true);
    const [row] = await this.database.query<{ count: number }>(
      `select count(*) as count from directory.person p
        where p.active and p.kind = 'person' and ${condition ? condition(values) : 'true'}`,
      values.list,
    );
    return row!.count;
  }

  async effect({ of, notOf, from, notFrom }: VisibilityRule): Promise<{ people: number; viewers: number }> {
    const [people, viewers] = await Promise.all([
      this.count((values) => sideSql(of, notOf, values)),
      this.count((values) => sideSql(from, notFrom, values)),
    ]);
    return { people, viewers };
  }

  hiddenCounts(hidden: SqlCondition): Promise<HiddenCount[]> {
    const values = new SqlValues(true);
    return this.database.query<HiddenCount>(
      `with hidden as materialized (
         select p.id from directory.person p where p.active and ${hidden(values)}
       ), counted as (
         select above.id, count(distinct hidden.id) as count
           from hidden join directory.post on post.person_id = hidden.id
           join directory.department_way w on w.department_id = post.department_id
          cross join unnest(w.way) as above (id)
          group by above.id)
       select d.id as "departmentId", d.parent_id as "parentId", counted.count as hidden, d.people_count as "all"
         from counted join directory.department d on d.id = counted.id where d.active`,
      values.list,
    );
  }

  /** The way down to a department, itself included. */
  async way(departmentId: string): Promise<string[]> {
    const [row] = await this.database.query<{ way: string[] }>(
      'select way from directory.department_way where department_id = $1',
      [departmentId],
    );
    return row?.way ?? [];
  }
}

const latestSql = 'select coalesce(max(version), 0) as version from directory.visibility_version';

const versionSql = `
  select version, rules, reason, client_id as "clientId", changed_by_id as "changedById", changed_by as "changedBy",
         changed_at as "changedAt" from directory.visibility_version`;

const viewerSql = `
  select $1::uuid as id,
         (select rank from directory.person where id = $1 and kind = 'person') as rank,
         array(select department_id from directory.post where person_id = $1) as "departmentIds",
         array(select distinct above from directory.post
                 join directory.department_way w on w.department_id = post.department_id
                cross join unnest(w.way) as above where post.person_id = $1) as "aboveIds",
         (select coalesce(max(version), 0) from directory.visibility_version) as version,
         concat((select max(pos) from directory.person_version), ' ',
                (select max(pos) from directory.department_version)) as stand`;
