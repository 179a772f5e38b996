import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#persistence';
import { BlockRow } from './block.entity.js';

@Injectable()
export class BlocksStore {
  constructor(private readonly database: Database) {}

  find(personId: string): Promise<BlockRow | null> {
    return this.database.repository(BlockRow).findOneBy({ personId });
  }

  /** @returns false for a person who was blocked already */
  async add(tx: Transaction, block: Omit<BlockRow, 'at'>): Promise<boolean> {
    const added = await tx.query(
      `insert into access.block (person_id, by_id, by_name, reason) values ($1, $2, $3, $4)
       on conflict (person_id) do nothing returning person_id`,
      [block.personId, block.byId, block.byName, block.reason],
    );
    return added.length > 0;
  }

  /** @returns false for a person who was not blocked */
  async remove(tx: Transaction, personId: string): Promise<boolean> {
    const { affected } = await tx.repository(BlockRow).delete({ personId });
    return affected === 1;
  }
}
