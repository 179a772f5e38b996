import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#persistence';
import { PendingSignInRow } from './pending-sign-in.entity.js';

const cleanedAtOnce = 10_000;

@Injectable()
export class PendingSignInsStore {
  constructor(private readonly database: Database) {}

  async insert(row: PendingSignInRow): Promise<void> {
    await this.database.repository(PendingSignInRow).insert(row);
  }

  /** One that is not over; a look at it is no attempt. */
  async find(id: string, tokenHash: Buffer): Promise<PendingSignInRow | undefined> {
    const row = await this.database.repository(PendingSignInRow).findOneBy({ id, tokenHash });
    return row && row.expiresAt > new Date() ? row : undefined;
  }

  /** Takes one of the attempts. @returns false where none is left */
  async takeTry(id: string, tries: number): Promise<boolean> {
    const taken = await this.database.query(
      `update access.pending_sign_in set tries = tries + 1
        where id = $1 and tries < $2 and expires_at > now() returning id`,
      [id, tries],
    );
    return taken.length > 0;
  }

  /** Ends it: nobody can finish it again. @returns false where somebody has */
  async end(tx: Transaction, id: string): Promise<boolean> {
    const { affected } = await tx.repository(PendingSignInRow).delete({ id });
    return affected === 1;
  }

  /** Removes what nobody can finish any more. */
  async clean(): Promise<void> {
    await this.database.query(
      `delete from access.pending_sign_in where id in (
         select id from access.pending_sign_in where expires_at < now() order by expires_at limit $1)`,
      [cleanedAtOnce],
    );
  }
}
