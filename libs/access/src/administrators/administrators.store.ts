import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { AdministratorRow } from './administrator.entity.js';

@Injectable()
export class AdministratorsStore {
  constructor(private readonly database: Database) {}

  find(username: string): Promise<AdministratorRow | null> {
    return this.database.repository(AdministratorRow).findOneBy({ username });
  }

  /** The person whose account it is, where that is known. */
  async personOf(id: string): Promise<string | null> {
    const account = await this.database
      .repository(AdministratorRow)
      .findOne({ select: { personId: true }, where: { id } });
    return account?.personId ?? null;
  }

  count(): Promise<number> {
    return this.database.repository(AdministratorRow).count();
  }

  /** Accounts that exist already stay as they are. */
  async add(accounts: Omit<AdministratorRow, 'createdAt'>[]): Promise<void> {
    await this.database
      .repository(AdministratorRow)
      .createQueryBuilder()
      .insert()
      .values(accounts)
      .orIgnore()
      .execute();
  }
}
