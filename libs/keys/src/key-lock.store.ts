import type { Transaction } from '#persistence';

/** Held until the end of the transaction: one process at a time adds keys of a scope. */
export async function takeKeyLock(tx: Transaction, scope: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`chancery keys ${scope}`]);
}
