import { DataSource } from 'typeorm';
import { migrations } from '#migrations';
import { logger, StartError } from '#platform';
import { durabilityFaults, durabilitySql, type DurabilitySettings } from './durability.js';
import { migrateJobs } from './jobs.js';

const log = logger('persistence');

/** Any two processes that start together take turns. */
const lockSql = `select pg_advisory_lock(hashtextextended('chancery migrations', 0))`;
const unlockSql = `select pg_advisory_unlock(hashtextextended('chancery migrations', 0))`;

/**
 * Brings the database to the schema of this build. Throws `StartError` when the data is of a newer build, or the
 * database cannot be used.
 */
export async function migrate(url: string): Promise<void> {
  const source = await connect(url);
  const runner = source.createQueryRunner();
  try {
    // Waiting for one's turn holds nobody up, and another process may have much to migrate.
    await runner.query(`set lock_timeout = '10min'`);
    await runner.query(lockSql);
    await runner.query('reset lock_timeout');
    await requireUsable(source);
    await refuseNewerData(source);
    for (const { name } of await source.runMigrations({ transaction: 'each' }))
      log.info({ name }, 'migrated');
    for (const grant of await migrateJobs(url)) await runner.query(grant);
    await runner.query(unlockSql);
  } finally {
    await runner.release();
    await source.destroy();
  }
}

async function connect(url: string): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    url,
    applicationName: 'chancery migrate',
    connectTimeoutMS: 5000,
    migrations: Object.values(migrations),
    migrationsTableName: 'chancery_migrations',
    extra: { options: '-c timezone=UTC -c lock_timeout=2000' },
  });
  try {
    return await source.initialize();
  } catch (error) {
    throw new StartError(explain(url, error), { cause: error });
  }
}

function explain(address: string, error: unknown): string {
  const { host, pathname, username } = new URL(address);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const where = `DATABASE_URL (${host}${pathname}, user ${username || 'not given'})`;
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'nothing listens there',
    ENOTFOUND: 'this host is unknown',
    EAI_AGAIN: 'this host is unknown',
    ETIMEDOUT: 'the host does not answer',
    '28P01': 'the password is wrong',
    '28000': 'the user may not connect',
    '3D000': 'there is no such database',
  };
  return `The database cannot be used: ${reasons[code] ?? (error as Error).message}. Check ${where}.`;
}

async function requireUsable(source: DataSource): Promise<void> {
  const [server] = await source.query<[{ version: number; encoding: string }]>(
    `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`,
  );
  const faults: string[] = [];
  if (server.version < 150_000) faults.push('it is older than PostgreSQL 15');
  if (server.encoding !== 'UTF8') faults.push(`its encoding is ${server.encoding}, not UTF8`);
  if (faults.length > 0) throw new StartError(`The database cannot be used: ${faults.join(', ')}.`);
  await requireDurable(source);
}

/** An acknowledged message must survive a power cut: throws `StartError` where a setting of this connection gives that up. */
export async function requireDurable(source: DataSource): Promise<void> {
  const [settings] = await source.query<[DurabilitySettings]>(durabilitySql);
  const faults = durabilityFaults(settings);
  if (faults.length === 0) return;
  const sentences = faults.map(({ fault, remedy }) => `${fault}. ${remedy}`);
  throw new StartError(
    `The database would lose acknowledged messages in a power cut: ${sentences.join(' ')}`,
  );
}

async function refuseNewerData(source: DataSource): Promise<void> {
  const [{ exists }] = await source.query<[{ exists: boolean }]>(
    `select to_regclass('chancery_migrations') is not null as exists`,
  );
  if (!exists) return;
  const known = new Set(Object.keys(migrations));
  const done = await source.query<{ name: string }[]>('select name from chancery_migrations order by id');
  const newer = done.filter(({ name }) => !known.has(name));
  if (newer.length > 0) {
    throw new StartError(
      `The data is of a newer version of Chancery (it has ${newer.map(({ name }) => name).join(', ')}). ` +
        'Start that version, or use another CHANCERY_DATA or DATABASE_URL.',
    );
  }
}
