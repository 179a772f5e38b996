import type { Database } from './database.js';

/**
 * Runs the work if nobody else on this database holds the lock of this name, and says whether it ran. The lock is
 * the session's, so it ends with the process, however that ends.
 */
export async function withLock(
  database: Database,
  name: string,
  work: () => Promise<void>,
): Promise<'ran' | 'held by another'> {
  const runner = database.source.createQueryRunner();
  try {
    await runner.connect();
    const [row] = (await runner.query('select pg_try_advisory_lock(hashtextextended($1, 0)) as locked', [
      name,
    ])) as [{ locked: boolean }];
    if (!row.locked) return 'held by another';
    try {
      await work();
      return 'ran';
    } finally {
      await runner.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]);
    }
  } finally {
    await runner.release();
  }
}
