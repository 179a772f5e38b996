import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chown,
  mkdir,
  open,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { logger, StartError, type EmbeddedPart } from '#platform';
import { layOutBinaries, type Binaries } from './binaries.js';

const log = logger('persistence');

/** nobody, of Debian and most others: PostgreSQL refuses to be run by root. */
const unprivileged = 65_534;
const superuser = 'chancery';
const databaseName = 'chancery';
const startPatienceMs = 60_000;
const stopPatienceMs = 8000;
const survivorsPatienceMs = 10_000;
const logBytes = 20 * 1024 * 1024;

/** A PostgreSQL server of this process, with its data in a folder. */
export interface EmbeddedPostgres extends EmbeddedPart {
  url: string;
  /** Process id of the postmaster. */
  pid: number;
  port: number;
}

export interface EmbeddedPostgresOptions {
  /** Everything of the server lies here: cluster, password, links. */
  folder: string;
  /** File of the server's log. */
  logFile: string;
  /** Further settings of the server. */
  parameters?: Record<string, string>;
  /** Further variables of the server's processes. */
  environment?: Record<string, string>;
}

/**
 * Starts the PostgreSQL of the npm package on a free port of 127.0.0.1, making its cluster first where there is
 * none. A server that survived the death of its process is ended before. Throws `StartError` with a way out.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const server = new Cluster(options);
  return server.start();
}

/** Address of the server that runs in a folder now; undefined where none does. */
export async function findEmbeddedPostgres(folder: string): Promise<string | undefined> {
  const cluster = join(resolve(folder), 'cluster');
  const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const [pid, , , port] = lines;
  if (!pid || !port || !(await worksIn(Number(pid), cluster))) return undefined;
  return addressOf(await readFile(join(folder, 'password'), 'utf8'), Number(port), databaseName);
}

const addressOf = (password: string, port: number, database: string): string =>
  `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`;

class Cluster {
  private readonly cluster: string;
  private readonly asOther = process.getuid?.() === 0;
  private binaries: Binaries;

  constructor(private readonly options: EmbeddedPostgresOptions) {
    this.cluster = join(resolve(options.folder), 'cluster');
  }

  async start(): Promise<EmbeddedPostgres> {
    await mkdir(this.options.folder, { recursive: true, mode: 0o700 });
    await mkdir(dirname(this.options.logFile), { recursive: true, mode: 0o700 });
    await endSurvivor(this.cluster);
    this.binaries = await layOutBinaries(this.options.folder, this.asOther);
    if (!existsSync(join(this.cluster, 'PG_VERSION'))) await this.create();
    await this.requireSameVersion();
    const password = await readFile(join(this.options.folder, 'password'), 'utf8');
    const port = await freePort();
    const url = (database: string) => addressOf(password, port, database);
    const child = await this.launch(port, url('postgres'));
    await ensureDatabase(url('postgres'));
    return {
      url: url(databaseName),
      pid: child.pid!,
      port,
      stop: async () => {
        await end(child);
        await this.binaries.dispose();
      },
    };
  }

  private async create(): Promise<void> {
    // Made beside its place and moved there, so that a cluster that exists is a complete one.
    const draft = `${this.cluster}.new`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { mode: 0o700 });
    const password = randomBytes(24).toString('base64url');
    const shownTo = join(this.binaries.scratch, 'initial-password');
    await writeFile(shownTo, password, { mode: 0o400 });
    if (this.asOther) {
      await chown(draft, unprivileged, unprivileged);
      await chown(shownTo, unprivileged, unprivileged);
    }
    const access = ['--username', superuser, '--auth=scram-sha-256', `--pwfile=${shownTo}`];
    const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'];
    const child = this.spawn(this.binaries.initdb, draft, [...access, ...locale], 'pipe');
    const output = await collect(child);
    await rm(shownTo);
    if (child.exitCode !== 0)
      throw new StartError(`The embedded PostgreSQL could not be set up: ${output.trim()}`);
    await writeFile(join(this.options.folder, 'password'), password, { mode: 0o600, flush: true });
    await rename(draft, this.cluster);
  }

  private async requireSameVersion(): Promise<void> {
    const version = (await readFile(join(this.cluster, 'PG_VERSION'), 'utf8')).trim();
    if (version !== '18') {
      throw new StartError(
        `The data in ${this.cluster} is of PostgreSQL ${version}, this release brings 18.`,
      );
    }
  }

  /** Starts the server and waits until it answers. Backends of a killed postmaster may still hold its memory for a moment. */
  private async launch(port: number, url: string): Promise<ChildProcess> {
    const deadline = Date.now() + startPatienceMs;
    for (;;) {
      const child = await this.spawnServer(port);
      try {
        await awaitReady(url, child, deadline);
        return child;
      } catch (error) {
        await end(child);
        if (Date.now() > deadline - startPatienceMs + survivorsPatienceMs) throw error;
        await wait(200);
      }
    }
  }

  private async spawnServer(port: number): Promise<ChildProcess> {
    const parameters: Record<string, string> = {
      port: String(port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '120',
      shared_buffers: '256MB',
      max_wal_size: '2GB',
      log_min_messages: 'warning',
      log_line_prefix: '%m [%p] ',
      ...this.options.parameters,
    };
    const logHandle = await openLog(this.options.logFile);
    const flags = Object.entries(parameters).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = this.spawn(this.binaries.postgres, this.cluster, flags, logHandle.fd);
    await logHandle.close();
    return child;
  }

  private spawn(program: string, cluster: string, flags: string[], output: number | 'pipe'): ChildProcess {
    // Another user may not be able to walk down to the cluster. The way through the process's own working
    // directory needs no walk, and the working directory is entered before the user changes.
    const data = this.asOther ? '/proc/self/cwd' : cluster;
    return spawn(program, ['-D', data, ...flags], {
      cwd: cluster,
      env: {
        LD_LIBRARY_PATH: this.binaries.libraries,
        LC_ALL: 'C',
        TZ: 'UTC',
        ...this.options.environment,
      },
      stdio: ['ignore', output, output],
      // A Ctrl-C at the terminal reaches the whole group; the server is stopped by us, after its clients.
      detached: true,
      ...(this.asOther && { uid: unprivileged, gid: unprivileged }),
    });
  }
}

async function openLog(file: string) {
  const size = await stat(file).then(
    ({ size }) => size,
    () => 0,
  );
  if (size > logBytes) await rename(file, `${file}.1`);
  return open(file, 'a', 0o600);
}

async function collect(child: ChildProcess): Promise<string> {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return output;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function awaitReady(url: string, child: ChildProcess, deadline: number): Promise<void> {
  for (;;) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    try {
      await client.connect();
      return;
    } catch (error) {
      if (child.exitCode !== null) {
        throw new StartError(
          'The embedded PostgreSQL ended at once; its log says why: logs/postgres.log in the data folder.',
        );
      }
      if (Date.now() > deadline)
        throw new StartError(`The embedded PostgreSQL does not answer: ${String(error)}`);
      await wait(20);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one, which recovers at the next start.
  child.kill('SIGINT');
  const late = setTimeout(() => child.kill('SIGQUIT'), stopPatienceMs);
  await ended;
  clearTimeout(late);
}

/** Ends the postmaster that a killed process left behind on this cluster, and waits for its last backend. */
async function endSurvivor(cluster: string): Promise<void> {
  const pid = Number.parseInt(await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => ''), 10);
  if (!(pid > 0) || !(await worksIn(pid, cluster))) return;
  log.warn({ pid }, 'a PostgreSQL of an earlier run is still there; ending it');
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + stopPatienceMs;
  while (await worksIn(pid, cluster)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGQUIT');
    await wait(20);
  }
}

async function worksIn(pid: number, folder: string): Promise<boolean> {
  const [theirs, ours] = await Promise.all([
    readlink(`/proc/${pid}/cwd`).catch(() => 'gone'),
    realpath(folder).catch(() => 'missing'),
  ]);
  return theirs === ours;
}
