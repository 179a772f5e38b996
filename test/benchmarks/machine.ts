import { readdirSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

export interface MachineFacts {
  cpu: string;
  cores: number;
  memoryGb: number;
  node: string;
  postgresql: string;
  fsync: string;
  synchronousCommit: string;
  date: string;
}

export function machineFacts(postgres: {
  version: string;
  fsync: string;
  synchronous: string;
}): MachineFacts {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    node: process.versions.node,
    postgresql: postgres.version,
    fsync: postgres.fsync,
    synchronousCommit: postgres.synchronous,
    date: new Date().toISOString(),
  };
}

/** Seconds of processor time, by who used them. */
export interface ProcessorTime {
  server: number;
  postgres: number;
  load: number;
  /** Everything else on the machine, besides being idle: of a quiet machine almost nothing. */
  others: number;
}

const ticksPerSecond = 100;

/** Measures what server, database and load use of the machine. */
export class ProcessorClock {
  private from: ProcessorTime;

  constructor(
    private readonly serverPid: number,
    private readonly loadPid: number,
  ) {
    this.from = this.now();
  }

  since(): ProcessorTime {
    const to = this.now();
    const { from } = this;
    return {
      server: to.server - from.server,
      postgres: to.postgres - from.postgres,
      load: to.load - from.load,
      others: to.others - from.others,
    };
  }

  private now(): ProcessorTime {
    const processes = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => statOf(Number(pid)) ?? []);
    const timeOf = (pid: number) => processes.find((one) => one.pid === pid)?.seconds ?? 0;
    const postmaster = processes.find(({ parent, name }) => parent === this.serverPid && name === 'postgres');
    const postgres = processes.filter(
      ({ pid, parent }) => pid === postmaster?.pid || parent === postmaster?.pid,
    );
    const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = readFileSync('/proc/stat', 'utf8')
      .split('\n')[0]!
      .split(/\s+/)
      .map(Number);
    const ours = {
      server: timeOf(this.serverPid),
      // Backends that ended meanwhile are counted by the postmaster.
      postgres: postgres.reduce((sum, { seconds }) => sum + seconds, postmaster?.ofEnded ?? 0),
      load: timeOf(this.loadPid),
    };
    const busy = (user + nice + system + irq + softirq) / ticksPerSecond;
    return { ...ours, others: busy - ours.server - ours.postgres - ours.load };
  }
}

interface ProcessStat {
  pid: number;
  name: string;
  parent: number;
  seconds: number;
  /** Of its children that have ended. */
  ofEnded: number;
}

/** Undefined for a process that has ended meanwhile. */
function statOf(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    const fields = stat.slice(end + 2).split(' ');
    const [seconds, ofEnded] = [11, 13].map(
      (field) => (Number(fields[field]) + Number(fields[field + 1])) / ticksPerSecond,
    ) as [number, number];
    return { pid, name: stat.slice(stat.indexOf('(') + 1, end), parent: Number(fields[1]), seconds, ofEnded };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
