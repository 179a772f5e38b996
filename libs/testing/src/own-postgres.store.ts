import { execFileSync } from 'node:child_process';
import { DataSource } from 'typeorm';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#persistence';
import { CuttingProxy } from './cutting-proxy.js';

export interface OwnPostgresOptions {
  /** Everything of the server lies here. */
  folder: string;
  logFile: string;
  parameters?: Record<string, string>;
  /** Further variables of the server's processes. */
  environment?: Record<string, string>;
}

/** A PostgreSQL of a test's own behind a way that can be cut. It can be killed, stand still, and start again. */
export class OwnPostgres {
  private server: EmbeddedPostgres;
  readonly way = new CuttingProxy(0);

  private constructor(private readonly options: OwnPostgresOptions) {}

  static async start(options: OwnPostgresOptions): Promise<OwnPostgres> {
    const postgres = new OwnPostgres(options);
    await postgres.way.listen();
    await postgres.restart();
    return postgres;
  }

  /** Stays the same however often the server starts. */
  get url(): string {
    const url = new URL(this.server.url);
    url.port = String(this.way.port);
    return url.href;
  }

  /** Process id of the postmaster that was started last. */
  get pid(): number {
    return this.server.pid;
  }

  get isRunning(): boolean {
    return this.signal(0, [this.server.pid]);
  }

  /** Kills it to the last process. */
  async kill(): Promise<void> {
    this.signal('SIGKILL', this.processes());
    await this.server.stop();
  }

  pause(): void {
    this.signal('SIGSTOP', this.processes());
  }

  resume(): void {
    this.signal('SIGCONT', this.processes());
  }

  /** Starts it on what is left. */
  async restart(): Promise<void> {
    this.server = await startEmbeddedPostgres(this.options);
    this.way.leadTo(this.server.port);
  }

  /** Ends the connections that carry hints, as a bus that dies. @returns how many there were */
  async cutHints(): Promise<number> {
    const source = await new DataSource({ type: 'postgres', url: this.server.url }).initialize();
    try {
      const cut = await source.query<unknown[]>(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'chancery hints'`,
      );
      return cut.length;
    } finally {
      await source.destroy();
    }
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.way.close();
  }

  /** The postmaster first, so that it starts nobody again. */
  private processes(): number[] {
    const { pid } = this.server;
    const children = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
      .flatMap(([child, parent]) => (parent === pid ? [child] : []));
    return [pid, ...children];
  }

  /** @returns whether all of them were there */
  private signal(signal: NodeJS.Signals | 0, pids: readonly number[]): boolean {
    let areThere = true;
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        // A backend may end by itself once its postmaster is gone.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
        areThere = false;
      }
    }
    return areThere;
  }
}
