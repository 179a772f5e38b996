import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { contentBucket, monthOf, type Month } from './month.js';

@Injectable()
export class PartitionsStore {
  constructor(private readonly database: Database) {}

  /** @returns whether the partition was missing */
  async ensure(table: 'event' | 'content', month: Month): Promise<boolean> {
    const [row] = await this.database.query<{ made: boolean }>(
      'select messaging.ensure_month($1, $2::date) as made',
      [table, month],
    );
    return row?.made === true;
  }
}

/** How many months after this one are ready to be written to. */
export async function monthsReady(database: Database): Promise<number> {
  const now = Date.now();
  const [row] = await database.query<{ ready: number }>(
    `select least(
       (select count(*) from pg_inherits join pg_class c on c.oid = inhrelid
         where inhparent = to_regclass('messaging.event') and c.relname > to_char($1::date, '"event"_YYYY_MM')),
       (select count(*) from pg_inherits join pg_class c on c.oid = inhrelid
         where inhparent = to_regclass('messaging.content') and c.relname > to_char($2::date, '"content"_YYYY_MM'))
     ) as ready`,
    [monthOf(now), contentBucket(now)],
  );
  return row?.ready ?? 0;
}
