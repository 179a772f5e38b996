import type { ClientBase } from 'pg';
import type { QueryRunner } from 'typeorm';

/**
 * The commit happened, but perhaps not on the standby, because somebody cancelled the wait for it. Its SQLSTATE,
 * "transaction resolution unknown", makes it what it is to callers: the database could not be asked.
 */
export class UncertainCommit extends Error {
  override readonly name = 'UncertainCommit';
  readonly code = '08007';

  constructor() {
    super('the wait for the synchronous standby was cancelled');
  }
}

/** Where PostgreSQL says that it has given up waiting; unlike its words, this is the same in every language. */
const waitingRoutine = 'SyncRepWaitForLSN';

const watched = new WeakSet<ClientBase>();
const uncertain = new WeakSet<ClientBase>();

/** Runs what may commit. Throws `UncertainCommit` where the server tells of it in a warning, which is all it does. */
export async function certain<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T> {
  const client = (await runner.connect()) as ClientBase;
  if (!watched.has(client)) {
    watched.add(client);
    client.on('notice', ({ routine }) => {
      if (routine === waitingRoutine) uncertain.add(client);
    });
  }
  uncertain.delete(client);
  const result = await work();
  if (uncertain.has(client)) throw new UncertainCommit();
  return result;
}
