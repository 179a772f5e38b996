import type { DataSource } from 'typeorm';
import { StartError } from '#platform';
import { openDataSource } from './database.js';
import { durabilityFaults, durabilitySql, type DurabilitySettings } from './durability.js';

/** One thing that was looked at: what is so, and where that is not right, what to do. */
export interface Finding {
  found: string;
  remedy?: string;
}

/** Clocks that differ by more make times of messages and ends of sessions look wrong to people. */
const clockToleranceMs = 2000;

interface ServerState {
  version: string;
  versionNumber: number;
  encoding: string;
  checksums: string;
  inRecovery: boolean;
  standbyNames: string;
  standbys: number;
  synchronous: number;
  now: number;
}

// A role without pg_monitor sees who is connected, but not what they do.
const stateSql = `
  select current_setting('server_version') as version, current_setting('server_version_num')::int as "versionNumber",
         current_setting('server_encoding') as encoding, current_setting('data_checksums') as checksums,
         pg_is_in_recovery() as "inRecovery", current_setting('synchronous_standby_names') as "standbyNames",
         (select count(*) from pg_stat_replication where coalesce(state, 'streaming') = 'streaming') as standbys,
         (select count(*) from pg_stat_replication where coalesce(sync_state, 'sync') in ('sync', 'quorum')) as synchronous,
         (extract(epoch from clock_timestamp()) * 1000)::bigint as now`;

/** Looks at a server as its owner. Throws `StartError` where it cannot be asked. */
export function examineServer(url: string): Promise<Finding[]> {
  return asked(url, async (source) => {
    const asked = Date.now();
    const [state] = await source.query<[ServerState]>(stateSql);
    const clockMs = Math.round(state.now - (asked + Date.now()) / 2);
    return [versionFinding(state), checksumFinding(state), standbyFinding(state), clockFinding(clockMs)];
  });
}

/** Looks at what holds for the commits of the user who writes. Throws `StartError` where it cannot be asked. */
export function examineCommits(url: string): Promise<Finding[]> {
  return asked(url, async (source) => {
    const [durability] = await source.query<[DurabilitySettings]>(durabilitySql);
    const faults = durabilityFaults(durability);
    if (faults.length > 0) return faults.map(({ fault, remedy }) => ({ found: fault, remedy }));
    return [{ found: `commits of the user ${durability.user} survive a power cut` }];
  });
}

async function asked(url: string, work: (source: DataSource) => Promise<Finding[]>): Promise<Finding[]> {
  const source = openDataSource({ url, pool: 1, name: 'chancery doctor' });
  try {
    await source.initialize();
  } catch (error) {
    throw new StartError(`The database does not answer: ${(error as Error).message}`, { cause: error });
  }
  try {
    return await work(source);
  } finally {
    await source.destroy();
  }
}

function versionFinding({ version, versionNumber, encoding }: ServerState): Finding {
  const found = `PostgreSQL ${version}, encoding ${encoding}`;
  const isRight = versionNumber >= 150_000 && encoding === 'UTF8';
  return isRight ? { found } : { found, remedy: 'It must be PostgreSQL 15 to 18 with the encoding UTF8.' };
}

function checksumFinding({ checksums }: ServerState): Finding {
  if (checksums === 'on') return { found: 'pages of data carry checksums' };
  return {
    found: 'pages of data carry no checksums, so a disk that alters them is not noticed',
    remedy: 'Stop the server and run: pg_checksums --enable --pgdata=FOLDER',
  };
}

function standbyFinding({ inRecovery, standbyNames, standbys, synchronous }: ServerState): Finding {
  if (inRecovery) {
    return { found: 'this server is a standby', remedy: 'DATABASE_URL must lead to the primary.' };
  }
  if (standbyNames === '' && standbys > 0) {
    return {
      found: `${standbys} standby is connected, but no commit waits for it: what is acknowledged may be missing after a failover`,
      remedy:
        "Run: alter system set synchronous_standby_names = '*'; select pg_reload_conf(); or see to it that this standby is never promoted without: chancery restored",
    };
  }
  if (standbyNames !== '' && synchronous === 0) {
    return {
      found: `commits wait for a synchronous standby (${standbyNames}), but none is connected: nothing can be sent`,
      remedy: 'Bring the standby back, or go on without one: alter system reset synchronous_standby_names.',
    };
  }
  return { found: standbyNames === '' ? 'one server, no standby' : 'commits wait for a synchronous standby' };
}

function clockFinding(differenceMs: number): Finding {
  const found = `the clocks of this machine and of the database differ by ${Math.abs(differenceMs)} ms`;
  if (Math.abs(differenceMs) <= clockToleranceMs) return { found };
  return { found, remedy: 'Let both follow the same time server.' };
}
