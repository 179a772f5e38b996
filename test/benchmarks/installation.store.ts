import { Client } from 'pg';
import { findEmbeddedPostgres } from '#persistence';

/** A synchronisation with the directory. */
export interface SyncFact {
  id: string;
  state: string;
  failure: string | null;
  changes: number;
  readMs: number;
  applyMs: number;
  seconds: number;
}

/** The database of an installation, as its owner sees it. */
export class InstallationDatabase {
  private constructor(private readonly client: Client) {}

  /** @param folder of the embedded server, which must run */
  static async open(folder: string): Promise<InstallationDatabase> {
    const connectionString = await findEmbeddedPostgres(folder);
    if (!connectionString) throw new Error(`no PostgreSQL runs in ${folder}`);
    const client = new Client({ connectionString });
    await client.connect();
    return new InstallationDatabase(client);
  }

  close(): Promise<void> {
    return this.client.end();
  }

  async query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row & object>(sql, parameters)).rows;
  }

  async isDirectoryRead(people: number): Promise<boolean> {
    const [row] = await this.query<{ ready: boolean }>(
      `select exists (select from directory.sync_run where state = 'done')
          and not exists (select from directory.sync_run where state = 'running')
          and (select count(*) from directory.person) >= $1 as ready`,
      [people],
    );
    return row!.ready;
  }

  /** Synchronisations that are over and did as wanted, the latest first. */
  runs(): Promise<SyncFact[]> {
    return this.query<SyncFact>(
      `select id, state, failure, change_count as changes, read_ms as "readMs", apply_ms as "applyMs",
              extract(epoch from finished_at - started_at)::float8 as seconds
         from directory.sync_run where finished_at is not null or state = 'waiting'
        order by started_at desc limit 20`,
    );
  }

  async directoryCounts(): Promise<{ people: number; departments: number }> {
    const [row] = await this.query<{ people: number; departments: number }>(
      `select (select count(*)::int from directory.person where active and kind = 'person') as people,
              (select count(*)::int from directory.department where active) as departments`,
    );
    return row!;
  }

  /** Departments that have others below them. */
  async branches(limit: number): Promise<string[]> {
    const rows = await this.query<{ id: string }>(
      'select id from directory.department where child_count > 0 order by id limit $1',
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  /** The people of sessions, in their order. */
  async peopleOf(sessionIds: readonly string[]): Promise<string[]> {
    const rows = await this.query<{ id: string }>(
      `select s.account_id as id from unnest($1::uuid[]) with ordinality as wanted (id, place)
         join access.session s on s.id = wanted.id order by wanted.place`,
      [sessionIds],
    );
    return rows.map(({ id }) => id);
  }

  /** Makes the partitions of a month of events and of the month in which its content expires. */
  async ensureMonths(month: string, expires: string): Promise<void> {
    await this.query(
      `select messaging.ensure_month('event', $1::date), messaging.ensure_month('content', $2::date)`,
      [month, expires],
    );
  }

  async facts(): Promise<{ version: string; fsync: string; synchronous: string }> {
    const [row] = await this.query<{ version: string; fsync: string; synchronous: string }>(
      `select current_setting('server_version') as version, current_setting('fsync') as fsync,
              current_setting('synchronous_commit') as synchronous`,
    );
    return row!;
  }

  /** From the next start on PostgreSQL counts the statements it is asked; or no longer. */
  async setCounting(isOn: boolean): Promise<void> {
    await this.query(
      isOn
        ? `alter system set shared_preload_libraries = 'pg_stat_statements'`
        : 'alter system reset shared_preload_libraries',
    );
  }

  async beginCounting(): Promise<void> {
    await this.query('create extension if not exists pg_stat_statements');
    await this.query('select pg_stat_statements_reset()');
  }

  /** Statements since then, the most frequent first; those of this connection are among them. */
  counted(): Promise<{ calls: number; text: string }[]> {
    return this.query(
      `select sum(calls)::int as calls, regexp_replace(query, '[[:space:]]+', ' ', 'g') as text
         from pg_stat_statements group by 2 order by 1 desc`,
    );
  }

  /** What earlier benchmarks left behind is written out and counted, so that the next one does not pay for it. */
  async settle(): Promise<void> {
    await this.query('vacuum analyze');
    await this.query('checkpoint');
  }
}
