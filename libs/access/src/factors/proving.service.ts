import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import type { FreshProof } from '#contracts';
import { AppError, type Principal } from '#platform';
import { SessionsStore } from '../sessions/sessions.store.js';
import type { Account } from '../sessions/sessions.service.js';
import { PasswordStrategy } from '../sign-in/password.strategy.js';
import { FactorDemands } from './factor-demands.service.js';
import { FactorProofs, type Prover } from './factor-proofs.service.js';
import { freshSeconds } from './fresh-proofs.service.js';

/** Proving again who one is, within a session. */
@Injectable()
export class Proving {
  constructor(
    private readonly sessions: SessionsStore,
    private readonly demands: FactorDemands,
    private readonly proofs: FactorProofs,
    private readonly passwords: PasswordStrategy,
    private readonly trail: AuditTrail,
  ) {}

  askPasskey(by: Principal, account: Account): Promise<{ options: Record<string, unknown> }> {
    return this.proofs.askPasskey(proverOf(by, account));
  }

  /** Throws `auth.factor_refused`, `rate.limited`, and the refusals of a password. @returns until when it is fresh */
  async prove(by: Principal, account: Account, proof: FreshProof): Promise<Date> {
    if (proof.kind === 'password') await this.checkPassword(by, account, proof.password);
    else await this.proofs.check(proverOf(by, account), proof);
    return this.sessions.transaction(async (tx) => {
      await this.sessions.prove(tx, by.sessionId);
      await this.trail.record(tx, {
        action: 'session.proved',
        by,
        object: { kind: 'session', id: by.sessionId },
        details: { kind: proof.kind },
      });
      return new Date(Date.now() + freshSeconds * 1000);
    });
  }

  /** The password alone proves nothing where there is a second factor. */
  private async checkPassword(by: Principal, account: Account, password: string): Promise<void> {
    const prover = proverOf(by, account);
    const factors = await this.demands.factorsOf(account);
    if (factors.length > 0 || password === '') return this.proofs.refuse(prover, 'password');
    await this.proofs.limit(account.accountId);
    try {
      const { accountId } = await this.passwords.validate(account.username, password);
      if (accountId !== account.accountId) throw new AppError('auth.invalid_credentials');
    } catch (error) {
      if (error instanceof AppError && error.code === 'auth.invalid_credentials') {
        return this.proofs.refuse(prover, 'password');
      }
      throw error;
    }
    return undefined;
  }
}

const proverOf = (by: Principal, account: Account): Prover => ({ account, subjectId: by.sessionId, by });
