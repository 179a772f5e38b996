import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { migrate } from '#persistence';

export interface TestDatabase {
  url: string;
  query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** Runs a statement in a transaction that stays open, with every lock it took. @returns ends it, changing nothing */
  hold(sql: string, parameters?: unknown[]): Promise<() => Promise<void>>;
  drop(): Promise<void>;
}

/** Made at the beginning of a test run with the product's schema, to be copied: migrating takes longer. */
const template = 'migrated';

/** Makes what `makeTestDatabase` copies, in a new server. */
export async function makeTemplate(server: string): Promise<void> {
  await inDatabase(server, (source) => source.query(`create database ${template}`));
  const url = new URL(server);
  url.pathname = `/${template}`;
  await migrate(url.href);
}

/**
 * A database of its own in the PostgreSQL of the test run, named in CHANCERY_TEST_POSTGRES; with the product's schema,
 * or with nothing in it.
 */
export async function makeTestDatabase(holds: 'schema' | 'nothing' = 'schema'): Promise<TestDatabase> {
  const server = process.env['CHANCERY_TEST_POSTGRES'];
  if (!server) throw new Error('CHANCERY_TEST_POSTGRES is not set: run the tests with npm test');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const like = holds === 'schema' ? ` template ${template}` : '';
  await inDatabase(server, (source) => source.query(`create database ${name}${like}`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  let opened: Promise<DataSource> | undefined;
  const source = () => (opened ??= new DataSource({ type: 'postgres', url: url.href }).initialize());
  return {
    url: url.href,
    async query(sql, parameters) {
      return (await source()).query(sql, parameters);
    },
    async hold(sql, parameters) {
      const runner = (await source()).createQueryRunner();
      await runner.startTransaction();
      await runner.query(sql, parameters);
      return async () => {
        await runner.rollbackTransaction();
        await runner.release();
      };
    },
    async drop() {
      await (await opened)?.destroy();
      await inDatabase(server, (source) => source.query(`drop database ${name} with (force)`));
    },
  };
}

/** A session of its own, as somebody at a terminal has one: transactions stay open until they say otherwise. */
export interface DatabaseSession {
  query(sql: string): Promise<unknown>;
  end(): Promise<void>;
}

export async function openSession(url: string): Promise<DatabaseSession> {
  const source = await new DataSource({ type: 'postgres', url }).initialize();
  const runner = source.createQueryRunner();
  return {
    query: (sql) => runner.query(sql),
    async end() {
      await runner.release();
      await source.destroy();
    },
  };
}

/** Asks any database, over a connection for this question alone. */
export function queryOnce<Row>(url: string, sql: string, parameters?: unknown[]): Promise<Row[]> {
  return inDatabase(url, (source) => source.query<Row[]>(sql, parameters));
}

async function inDatabase<T>(url: string, work: (source: DataSource) => Promise<T>): Promise<T> {
  const source = await new DataSource({ type: 'postgres', url }).initialize();
  try {
    return await work(source);
  } finally {
    await source.destroy();
  }
}
