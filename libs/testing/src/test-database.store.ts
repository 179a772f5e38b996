import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';

export interface TestDatabase {
  url: string;
  query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** A database of its own in the PostgreSQL of the test run, named in CHANCERY_TEST_POSTGRES. */
export async function makeTestDatabase(): Promise<TestDatabase> {
  const server = process.env['CHANCERY_TEST_POSTGRES'];
  if (!server) throw new Error('CHANCERY_TEST_POSTGRES is not set: run the tests with npm test');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await inDatabase(server, (source) => source.query(`create database ${name}`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  let opened: Promise<DataSource> | undefined;
  return {
    url: url.href,
    async query(sql, parameters) {
      opened ??= new DataSource({ type: 'postgres', url: url.href }).initialize();
      return (await opened).query(sql, parameters);
    },
    async drop() {
      await (await opened)?.destroy();
      await inDatabase(server, (source) => source.query(`drop database ${name} with (force)`));
    },
  };
}

async function inDatabase(url: string, work: (source: DataSource) => Promise<unknown>): Promise<void> {
  const source = await new DataSource({ type: 'postgres', url }).initialize();
  try {
    await work(source);
  } finally {
    await source.destroy();
  }
}
