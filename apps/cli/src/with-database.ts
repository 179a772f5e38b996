import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Database, findEmbeddedPostgres, openDataSource, startEmbeddedPostgres } from '#persistence';
import { claimDataFolder, StartError, type Settings } from '#platform';

/**
 * Finds the database of an installation, starting the embedded server for the time of the work where it does not run.
 * Throws `StartError` where there is none.
 */
export async function withDatabase<T>(settings: Settings, work: (url: string) => Promise<T>): Promise<T> {
  const folder = join(settings.CHANCERY_DATA, 'postgres');
  const url = settings.DATABASE_URL ?? (await findEmbeddedPostgres(folder));
  if (url) return work(url);
  if (!existsSync(join(folder, 'cluster'))) {
    throw new StartError(
      `There is no installation in ${settings.CHANCERY_DATA}. Name its folder in CHANCERY_DATA, or its database in DATABASE_URL.`,
    );
  }
  const claim = await claimDataFolder(settings.CHANCERY_DATA);
  try {
    const logFile = join(settings.CHANCERY_DATA, 'logs', 'postgres.log');
    const server = await startEmbeddedPostgres({ folder, logFile });
    try {
      return await work(server.url);
    } finally {
      await server.stop();
    }
  } finally {
    await claim.stop();
  }
}

/** The database as its owner. */
export async function asOwner<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const source = await openDataSource({ url, pool: 1, name: 'chancery tool' }).initialize();
  try {
    return await work(new Database(source));
  } finally {
    await source.destroy();
  }
}
