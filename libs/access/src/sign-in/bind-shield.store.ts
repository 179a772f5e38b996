import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';

export interface Bounds {
  failures: number;
  windowSeconds: number;
}

/** How a bind ended: `unknown` where the directory did not answer. */
export type BindOutcome = 'right' | 'refused' | 'unknown';

/** Checks of passwords by account, in a table that all processes share. */
const cleanedAtOnce = 10_000;

@Injectable()
export class BindShieldStore {
  constructor(private readonly database: Database) {}

  /** Takes one of the binds an account has left. @returns failures up to now; undefined where none is left */
  async take(accountId: string, { failures, windowSeconds }: Bounds): Promise<number | undefined> {
    const [row] = await this.database.query<{ refused: number }>(
      `insert into access.bind_shield as s (account_id, refused, forgiven, pending, last_at)
       values ($1, 0, 0, 1, now())
       on conflict (account_id) do update set
         forgiven = case when s.last_at <= now() - make_interval(secs => $3) then s.refused else s.forgiven end,
         pending = case when s.last_at <= now() - make_interval(secs => $3) then 1 else s.pending + 1 end,
         last_at = now()
       where s.last_at <= now() - make_interval(secs => $3) or s.refused - s.forgiven + s.pending < $2
       returning refused`,
      [accountId, failures, windowSeconds],
    );
    return row?.refused;
  }

  /** Failures that count, and milliseconds until they do not. */
  async state(accountId: string, windowSeconds: number): Promise<{ failures: number; leftMs: number }> {
    const [row] = await this.database.query<{ failures: number; leftMs: number }>(
      `select refused - forgiven as failures,
              greatest(0, ceil(extract(epoch from last_at + make_interval(secs => $2) - now()) * 1000))::bigint
                as "leftMs"
         from access.bind_shield where account_id = $1`,
      [accountId, windowSeconds],
    );
    return row ?? { failures: 0, leftMs: 0 };
  }

  /** @param taken what taking the bind returned: the directory forgets what it had refused before a success */
  async settle(accountId: string, taken: number, outcome: BindOutcome): Promise<void> {
    await this.database.query(
      `update access.bind_shield set
         pending = greatest(0, pending - 1),
         refused = refused + case when $3 = 'refused' then 1 else 0 end,
         forgiven = case when $3 = 'right' then greatest(forgiven, $2::bigint) else forgiven end,
         last_at = case when $3 = 'refused' then now() else last_at end
       where account_id = $1`,
      [accountId, taken, outcome],
    );
  }

  /** Removes what counts no more. */
  async clean(windowSeconds: number): Promise<void> {
    await this.database.query(
      `delete from access.bind_shield where account_id in (
         select account_id from access.bind_shield where last_at < now() - make_interval(secs => $1)
          order by last_at limit $2)`,
      [windowSeconds, cleanedAtOnce],
    );
  }
}
