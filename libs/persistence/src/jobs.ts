import { PgBoss, type Job } from 'pg-boss';
import { logger } from '#platform';
import type { Transaction } from './database.js';

const log = logger('persistence');
const schema = 'jobs';

export interface JobOptions {
  /** Attempts after the first. */
  retries: number;
  /** A worker that says nothing for so long is taken for dead, and the job is given to another. */
  heartbeatSeconds: number;
}

/**
 * Work that outlives requests and processes. A job is a row: it is queued in the transaction that wants it, claimed
 * by one worker at a time, and claimed again when that worker dies, so every handler continues where it was.
 */
export class Jobs {
  private readonly boss: PgBoss;
  private started: Promise<void> | undefined;

  constructor(url: string, role: string | undefined) {
    this.boss = new PgBoss({
      connectionString: url,
      ...(role && { options: `-c role=${role}` }),
      application_name: 'chancery jobs',
      schema,
      max: 3,
      migrate: false,
      createSchema: false,
      schedule: false,
      useListenNotify: true,
    });
    this.boss.on('error', (err) => log.warn({ err }, 'the job queue met a fault'));
  }

  /**
   * Declares a kind of job. One job of the kind and key is queued or running at a time: asking again while there is
   * one changes nothing.
   */
  async define(kind: string, options: JobOptions): Promise<void> {
    await this.start();
    const policy = 'exclusive' as const;
    const queue = {
      policy,
      notify: true,
      retryLimit: options.retries,
      retryDelay: 2,
      retryBackoff: true,
      heartbeatSeconds: options.heartbeatSeconds,
    };
    await this.boss.createQueue(kind, queue);
  }

  /** @returns false when such a job is queued or running already */
  async ask(kind: string, key: string, data: object, tx?: Transaction, afterSeconds = 0): Promise<boolean> {
    await this.start();
    const id = await this.boss.send(kind, data, {
      singletonKey: key,
      ...(afterSeconds > 0 && { startAfter: afterSeconds }),
      ...(tx && {
        db: { executeSql: async (text, values) => ({ rows: await tx.query(text, values ?? []) }) },
      }),
    });
    return id !== null;
  }

  /** Works on jobs of a kind, one at a time in this process. A handler that throws is tried again later. */
  async work<Data extends object>(kind: string, handler: (data: Data, signal: AbortSignal) => Promise<void>) {
    await this.start();
    // A worker that has done a job looks for the next one only after this time, announced or not.
    const pace = { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 };
    await this.boss.work<Data>(kind, pace, async ([job]: Job<Data>[]) => {
      if (job) await handler(job.data, job.signal);
    });
  }

  async stop(): Promise<void> {
    if (!this.started) return;
    await this.boss.stop({ graceful: true, timeout: 5000 });
  }

  private start(): Promise<void> {
    this.started ??= this.boss.start().then(() => undefined);
    return this.started;
  }
}

/** Brings the tables of the job queue to the version of its library. Done with the migrations, as the owner. */
export async function migrateJobs(url: string): Promise<string[]> {
  const boss = new PgBoss({ connectionString: url, schema, max: 1, supervise: false, schedule: false });
  boss.on('error', (err) => log.warn({ err }, 'the job queue met a fault'));
  await boss.start();
  await boss.stop({ graceful: false });
  return [
    `grant usage on schema ${schema} to chancery_app`,
    `grant select, insert, update, delete on all tables in schema ${schema} to chancery_app`,
    `grant execute on all functions in schema ${schema} to chancery_app`,
  ];
}
