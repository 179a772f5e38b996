import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from './database.js';

const pauseMs = 100;

/**
 * Runs the work if nobody else on this database holds the lock of this name, and says whether it ran. The lock is
 * the session's, so it ends with the process, however that ends.
 * @param waitMs how long to wait for somebody else who holds it
 */
export async function withLock(
  database: Database,
  name: string,
  work: () => Promise<void>,
  waitMs = 0,
): Promise<'ran' | 'held by another'> {
  const runner = database.source.createQueryRunner();
  const tryOnce = async () => {
    const [row] = (await runner.query('select pg_try_advisory_lock(hashtextextended($1, 0)) as locked', [
      name,
    ])) as [{ locked: boolean }];
    return row.locked;
  };
  try {
    await runner.connect();
    const end = Date.now() + waitMs;
    let isLocked = await tryOnce();
    while (!isLocked && Date.now() < end) {
      await pause(pauseMs);
      isLocked = await tryOnce();
    }
    if (!isLocked) return 'held by another';
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
