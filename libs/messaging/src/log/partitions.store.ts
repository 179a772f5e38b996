import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import type { Month } from './month.js';

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
