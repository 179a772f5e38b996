import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { Database } from '#persistence';
import { AdministratorRow } from './administrator.entity.js';

@Injectable()
export class AdministratorsStore {
  constructor(private readonly database: Database) {}

  find(username: string): Promise<AdministratorRow | null> {
    return this.database.repository(AdministratorRow).findOneBy({ username });
  }

  async nameOf(id: string): Promise<string | null> {
    const account = await this.database.repository(AdministratorRow).findOneBy({ id });
    return account?.displayName ?? null;
  }

  /** The person whose account it is, where that is known. */
  async personOf(id: string): Promise<string | null> {
    const account = await this.database
      .repository(AdministratorRow)
      .findOne({ select: { personId: true }, where: { id } });
    return account?.personId ?? null;
  }

  /** Everybody of the directory who is known to have an account. */
  async people(): Promise<string[]> {
    const accounts = await this.database
      .repository(AdministratorRow)
      .find({ select: { personId: true }, where: { personId: Not(IsNull()) } });
    return accounts.map(({ personId }) => personId!);
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
