import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#persistence';
import { eventually } from './eventually.js';
import { TcpRelay } from './tcp-relay.js';
import { queryOnce } from './test-database.store.js';

const run = promisify(execFile);

/** Two PostgreSQL servers, one following the other, behind one address, as a cluster manager would run them. */
export class DatabasePair {
  private constructor(
    private readonly folder: string,
    private readonly primary: EmbeddedPostgres,
    private readonly standby: EmbeddedPostgres,
    private readonly service: TcpRelay,
    private readonly replication: TcpRelay,
  ) {}

  static async start(): Promise<DatabasePair> {
    const folder = await mkdtemp(join(tmpdir(), 'chancery-pair-'));
    const primary = await startServer(folder, 'primary');
    await copyRunning(primary, join(folder, 'primary'), join(folder, 'standby'));
    const replication = await TcpRelay.to(primary.port);
    const { username, password } = new URL(primary.url);
    const standby = await startServer(folder, 'standby', {
      primary_conninfo: `host=127.0.0.1 port=${replication.port} user=${username} password=${password}`,
    });
    return new DatabasePair(folder, primary, standby, await TcpRelay.to(primary.port), replication);
  }

  /** The address of whichever is in charge. */
  get url(): string {
    const url = new URL(this.primary.url);
    url.port = String(this.service.port);
    return url.href;
  }

  /** Commits wait for the standby, or do not. */
  async waitForStandby(doWait: boolean): Promise<void> {
    await queryOnce(this.primary.url, `alter system set synchronous_standby_names = '${doWait ? '*' : ''}'`);
    await queryOnce(this.primary.url, 'select pg_reload_conf()');
    const wanted = doWait ? 'sync' : 'async';
    await eventually(`the standby is ${wanted}`, async () => {
      const [row] = await queryOnce<{ state: string }>(
        this.primary.url,
        'select sync_state as state from pg_stat_replication',
      );
      return row?.state === wanted;
    });
  }

  /** Asks the first of the two, whoever is in charge. */
  onPrimary<Row>(sql: string): Promise<Row[]> {
    return queryOnce(this.primary.url, sql);
  }

  /** The standby hears nothing any more. */
  cutReplication(): void {
    this.replication.cut();
  }

  /** Somebody loses patience with every commit that waits for the standby. @returns how many there were */
  async cancelWaits(): Promise<number> {
    const cancelled = await queryOnce(
      this.primary.url,
      `select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`,
    );
    return cancelled.length;
  }

  /** The machine of the primary burns down, and the other one takes over. */
  async failOver(): Promise<void> {
    const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(this.primary.pid)]);
    for (const pid of [this.primary.pid, ...stdout.trim().split(/\s+/).map(Number)]) kill(pid);
    this.service.cut();
    this.replication.cut();
    await rm(join(this.folder, 'primary'), { recursive: true });
    await queryOnce(this.standby.url, 'select pg_promote()');
    this.service.switchTo(this.standby.port);
  }

  async stop(): Promise<void> {
    await this.service.close();
    await this.replication.close();
    await this.standby.stop();
    await this.primary.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function startServer(folder: string, name: string, parameters?: Record<string, string>) {
  return startEmbeddedPostgres({
    folder: join(folder, name),
    logFile: join(folder, `${name}.log`),
    parameters: { shared_buffers: '64MB', ...parameters },
  });
}

/** What pg_basebackup does, which is not among the programs of the embedded server. */
async function copyRunning(server: EmbeddedPostgres, from: string, to: string): Promise<void> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    await client.query(`select pg_backup_start('copy', true)`);
    await run('cp', ['-a', from, to]);
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    const cluster = join(to, 'cluster');
    await rm(join(cluster, 'postmaster.pid'));
    await writeFile(join(cluster, 'backup_label'), rows[0]!.labelfile);
    await writeFile(join(cluster, 'standby.signal'), '');
    await run('chown', [
      '--reference',
      cluster,
      join(cluster, 'backup_label'),
      join(cluster, 'standby.signal'),
    ]);
  } finally {
    await client.end();
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // A backend may end by itself once its postmaster is gone.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
