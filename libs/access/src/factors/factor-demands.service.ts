import { Injectable } from '@nestjs/common';
import type { ProofKind } from '#contracts';
import { AccessPolicies } from '../rates/access-policies.js';
import type { Account } from '../sessions/sessions.service.js';
import type { FactorRow } from './factor.entity.js';
import { FactorsStore } from './factors.store.js';

export type Demand = 'off' | 'optional' | 'required';

/** What is known of an account for the question whether it needs a second factor. */
export type Demanded = Pick<Account, 'accountKind' | 'accountId' | 'role'>;

/** Whether an account needs a second factor, and what it has. */
@Injectable()
export class FactorDemands {
  constructor(
    private readonly store: FactorsStore,
    private readonly policies: AccessPolicies,
  ) {}

  async demandOf({ accountKind, accountId, role }: Demanded): Promise<Demand> {
    if (accountKind === 'person') {
      return (await this.policies.secondFactor.valueFor({ personId: accountId })).demand;
    }
    const { requiredOf } = this.policies.administratorFactor.value();
    return role !== null && requiredOf.includes(role) ? 'required' : 'optional';
  }

  /** Factors that count now: none where they are off. */
  async factorsOf(account: Demanded, demand?: Demand): Promise<FactorRow[]> {
    if ((demand ?? (await this.demandOf(account))) === 'off') return [];
    return this.store.of(account.accountId);
  }

  /** What an account proves itself with: its factors, and the password only where it has none. */
  async methodsOf(account: Demanded): Promise<ProofKind[]> {
    const factors = await this.factorsOf(account);
    return factors.length === 0 ? ['password'] : methodsWith(factors);
  }
}

/** A recovery code stands in for any factor. */
export const methodsWith = (factors: readonly FactorRow[]): ProofKind[] => {
  const kinds = (['passkey', 'totp'] as const).filter((kind) => factors.some((one) => one.kind === kind));
  return [...kinds, 'recovery'];
};
