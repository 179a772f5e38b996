import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';

export interface Take {
  subject: string;
  /** Wanted at once; given are as many of them as there are. */
  wanted: number;
  perSecond: number;
  size: number;
}

export interface Taken {
  subject: string;
  granted: number;
  /** What is left. */
  tokens: number;
}

const cleanedAtOnce = 10_000;

@Injectable()
export class RatesStore {
  constructor(private readonly database: Database) {}

  /** Takes from buckets, each of another subject. One statement, so that no process sees another one's half. */
  take(takes: Take[]): Promise<Taken[]> {
    const inOrder = takes.toSorted((a, b) => (a.subject < b.subject ? -1 : 1));
    return this.database.query<Taken>(
      `with asked as (
         select * from unnest($1::text[], $2::int[], $3::float8[], $4::float8[])
                    as a (subject, wanted, per_second, size)
       )
       insert into access.rate_bucket as b (subject, tokens, granted, filled_at)
       select subject, size - least(wanted, floor(size)), least(wanted, floor(size)), clock_timestamp() from asked
       on conflict (subject) do update set (tokens, granted, filled_at) = (
         select available - given, given, greatest(b.filled_at, excluded.filled_at)
           from asked,
                lateral (select least(size, b.tokens + per_second
                           * greatest(0, extract(epoch from excluded.filled_at - b.filled_at))) as available) now,
                lateral (select least(wanted, floor(greatest(available, 0)))::int as given) gift
          where asked.subject = b.subject)
       returning subject, granted, tokens`,
      [
        inOrder.map(({ subject }) => subject),
        inOrder.map(({ wanted }) => wanted),
        inOrder.map(({ perSecond }) => perSecond),
        inOrder.map(({ size }) => size),
      ],
    );
  }

  /** Removes buckets that nobody took from for an hour: they are full again. */
  async clean(): Promise<void> {
    await this.database.query(
      `delete from access.rate_bucket where subject in (
         select subject from access.rate_bucket where filled_at < now() - interval '1 hour'
          order by filled_at limit $1)`,
      [cleanedAtOnce],
    );
  }
}
