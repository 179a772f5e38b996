import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';

/** Minutes after which failed attempts are forgotten. */
const windowMinutes = 15;

/** Failed attempts by subject, an account or an address, in a table that all processes share. */
@Injectable()
export class AttemptsStore {
  constructor(private readonly database: Database) {}

  /** Failures within the window, and milliseconds until it is over, of each subject that has any. */
  async recent(subjects: string[]): Promise<Map<string, { count: number; leftMs: number }>> {
    const rows = await this.database.query<{ subject: string; count: number; leftMs: number }>(
      `select subject, count,
              ceil(extract(epoch from window_start + make_interval(mins => $2) - now()) * 1000)::bigint as "leftMs"
         from access.failed_attempts
        where subject = any($1) and window_start > now() - make_interval(mins => $2)`,
      [subjects, windowMinutes],
    );
    return new Map(rows.map(({ subject, ...attempts }) => [subject, attempts]));
  }

  async count(subjects: string[]): Promise<void> {
    await this.database.query(
      `insert into access.failed_attempts as f (subject, window_start, count)
       select unnest($1::text[]), now(), 1
       on conflict (subject) do update set
         count = case when f.window_start > now() - make_interval(mins => $2) then f.count + 1 else 1 end,
         window_start = case when f.window_start > now() - make_interval(mins => $2) then f.window_start else now() end`,
      [subjects.toSorted(), windowMinutes],
    );
  }

  async forget(subject: string): Promise<void> {
    await this.database.query('delete from access.failed_attempts where subject = $1', [subject]);
  }

  /** Removes what counts no more. */
  async clean(): Promise<void> {
    await this.database.query(
      'delete from access.failed_attempts where window_start < now() - make_interval(mins => $1)',
      [windowMinutes],
    );
  }
}
