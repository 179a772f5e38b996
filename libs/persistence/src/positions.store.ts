import type { Transaction } from './database.js';

/** The two logs. Whoever writes to both takes `messages` first. */
export type LogName = 'messages' | 'audit';

const ids: Record<LogName, number> = { messages: 0, audit: 1 };

/** A stretch of positions of a log, taken by one transaction. */
export interface TakenPositions {
  /** First and last position, both taken. */
  first: number;
  last: number;
  /** The database's clock, milliseconds since 1970. */
  now: number;
  /** Latest time any entry of the log carries, this transaction's included. */
  headAt: number;
}

/**
 * Takes the next positions of a log. The row is the last lock a transaction takes and is held until its commit, so
 * positions become visible in their order: whoever has read up to P never meets something below P later.
 */
export async function takePositions(tx: Transaction, log: LogName, count: number): Promise<TakenPositions> {
  const [row] = await tx.prepared<{ last: number; now: number; head_at: number }>(
    'take-positions',
    `update persistence.log_head
        set pos = pos + $2, at = greatest(at, date_trunc('milliseconds', clock_timestamp()))
      where id = $1
      returning pos as last,
                floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now,
                (extract(epoch from at) * 1000)::bigint as head_at`,
    [ids[log], count],
  );
  if (!row) throw new Error(`the head of the log "${log}" is missing`);
  return {
    first: Number(row.last) - count + 1,
    last: Number(row.last),
    now: Number(row.now),
    headAt: Number(row.head_at),
  };
}

interface Queryable {
  query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>;
}

/** Where a log ends now, with the time of its latest entry in milliseconds. */
export async function readHead(database: Queryable, log: LogName): Promise<{ pos: number; at: number }> {
  const [row] = await database.query<{ pos: number; at: number }>(
    'select pos, (extract(epoch from at) * 1000)::bigint as at from persistence.log_head where id = $1',
    [ids[log]],
  );
  if (!row) throw new Error(`the head of the log "${log}" is missing`);
  return { pos: Number(row.pos), at: Number(row.at) };
}

/** The epoch of the installation's logs: another one after a restore to an earlier point. */
export async function readEpoch(database: Queryable): Promise<string> {
  const [row] = await database.query<{ epoch: string }>('select epoch from persistence.installation');
  if (!row) throw new Error('the installation has no epoch');
  return row.epoch;
}

export interface LogState {
  epoch: string;
  /** Commits wait for a synchronous standby. */
  waitsForStandby: boolean;
}

/** What holds for the logs as a whole, and may change while processes run. */
export async function readLogState(database: Queryable): Promise<LogState> {
  const [row] = await database.query<LogState>(
    `select epoch, current_setting('synchronous_standby_names') <> '' as "waitsForStandby"
       from persistence.installation`,
  );
  if (!row) throw new Error('the installation has no epoch');
  return row;
}

/** Whether the server is a standby, or was one a moment ago and is not done. */
export async function isRecovering(database: Queryable): Promise<boolean> {
  const [row] = await database.query<{ recovering: boolean }>('select pg_is_in_recovery() as recovering');
  return row?.recovering === true;
}

/** Gives the logs a new epoch where they still have the known one: of several who ask, one is heard. */
export async function renewEpoch(database: Queryable, known: string): Promise<void> {
  await database.query('select persistence.renew_epoch($1)', [known]);
}

/** Whether any version of the schema is there. */
export async function isInstalled(database: Queryable): Promise<boolean> {
  const [row] = await database.query<{ there: boolean }>(
    `select to_regclass('persistence.installation') is not null and to_regclass('messaging.event') is not null as there`,
  );
  return row?.there === true;
}

/** Tells this installation from others that use the same bus; stays through restores. */
export async function installationKey(database: Queryable): Promise<string> {
  const [row] = await database.query<{ key: string }>(
    'select (extract(epoch from created_at) * 1000000)::bigint::text as key from persistence.installation',
  );
  if (!row) throw new Error('the installation is missing');
  return row.key;
}

/** Where a reader that must see everything has got to; 0 for one that never read. */
export async function storedPosition(database: Queryable, reader: string): Promise<number> {
  const [row] = await database.query<{ pos: number }>(
    'select pos from persistence.log_reader where name = $1',
    [reader],
  );
  return row?.pos ?? 0;
}

/** Stores where a reader has got to. Never goes back, so several processes may read under one name. */
export async function storePosition(database: Queryable, reader: string, pos: number): Promise<void> {
  await database.query(
    `insert into persistence.log_reader as r (name, pos) values ($1, $2)
     on conflict (name) do update set pos = greatest(r.pos, excluded.pos)`,
    [reader, pos],
  );
}
