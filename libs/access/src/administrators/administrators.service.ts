import { Injectable, type OnModuleInit } from '@nestjs/common';
import { newId, type AdministratorRole } from '#contracts';
import { ProtectedPeople } from '#directory';
import { Approvals } from '#governance';
import type { AdministratorRow } from './administrator.entity.js';
import { AdministratorsStore } from './administrators.store.js';
import { hashPassword, isPassword } from './password-hash.js';

export interface FirstAdministrator {
  username: string;
  displayName: string;
  role: AdministratorRole;
  password: string;
}

@Injectable()
export class Administrators implements OnModuleInit {
  constructor(
    private readonly store: AdministratorsStore,
    private readonly approvals: Approvals,
    private readonly protectedPeople: ProtectedPeople,
  ) {}

  onModuleInit(): void {
    this.approvals.identifyBy((id) => this.store.personOf(id));
    this.protectedPeople.identifyBy(() => this.store.people());
  }

  /** Makes the three accounts of a new installation; does nothing once there are any. @returns whether it did */
  async createFirst(accounts: () => Promise<FirstAdministrator[]>): Promise<boolean> {
    if ((await this.store.count()) > 0) return false;
    const rows = await Promise.all(
      (await accounts()).map(async ({ password, ...account }) => ({
        id: newId(),
        ...account,
        personId: null,
        passwordHash: await hashPassword(password),
      })),
    );
    await this.store.add(rows);
    return true;
  }

  find(username: string): Promise<AdministratorRow | null> {
    return this.store.find(username);
  }

  nameOf(id: string): Promise<string | null> {
    return this.store.nameOf(id);
  }

  isPassword(account: AdministratorRow, password: string): Promise<boolean> {
    return isPassword(password, account.passwordHash);
  }
}
