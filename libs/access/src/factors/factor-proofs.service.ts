import { Injectable } from '@nestjs/common';
import type { FactorProof } from '#contracts';
import { AuditTrail, type Act } from '#audit';
import { AppError } from '#platform';
import { RateLimits } from '../rates/rate-limits.service.js';
import type { FactorRow } from './factor.entity.js';
import { FactorDemands, type Demanded } from './factor-demands.service.js';
import { FactorSecrets } from './factor-secrets.js';
import { FactorsStore } from './factors.store.js';
import { Passkeys } from './passkeys.service.js';
import { recoveryHash } from './recovery-codes.js';
import { stepOfCode } from './totp.js';

const challengeSeconds = 300;
/** Of one account; a guesser who has the password already hits one of a million codes with 0.2 % in a day. */
const attempts = { perSecond: 1 / 120, size: 20, lease: 1 };

/** Who proves what: an account, and the session or the sign-in under way that it is asked in. */
export interface Prover {
  account: Demanded;
  subjectId: string;
  by: Act['by'];
}

/** Checks second factors; each code and each answer is good once. */
@Injectable()
export class FactorProofs {
  constructor(
    private readonly store: FactorsStore,
    private readonly demands: FactorDemands,
    private readonly secrets: FactorSecrets,
    private readonly passkeys: Passkeys,
    private readonly limits: RateLimits,
    private readonly trail: AuditTrail,
  ) {}

  /** Options to use a passkey of the account with. */
  async askPasskey({ account, subjectId }: Prover): Promise<{ options: Record<string, unknown> }> {
    const { options, challenge } = await this.passkeys.ask(await this.demands.factorsOf(account));
    await this.store.putChallenge({ subjectId, purpose: 'prove', challenge, secret: null }, challengeSeconds);
    return { options };
  }

  /** Throws `auth.factor_refused`, `rate.limited`. A refusal stands in the trail. */
  async check(prover: Prover, proof: FactorProof): Promise<void> {
    const { accountId } = prover.account;
    await this.limit(accountId);
    const factors = await this.demands.factorsOf(prover.account);
    if (await this.isRight(prover, proof, factors)) return;
    await this.refuse(prover, proof.kind);
  }

  /** Throws `rate.limited`. */
  limit(accountId: string): Promise<void> {
    return this.limits.require(`second factor ${accountId}`, attempts);
  }

  async refuse({ account, by }: Prover, kind: string): Promise<never> {
    await this.trail.recordAlone({
      action: 'factor.refused',
      outcome: 'denied',
      by,
      object: { kind: 'account', id: account.accountId },
      details: { kind },
    });
    throw new AppError('auth.factor_refused');
  }

  private async isRight(prover: Prover, proof: FactorProof, factors: FactorRow[]): Promise<boolean> {
    if (factors.length === 0) return false;
    const { accountId } = prover.account;
    if (proof.kind === 'totp') return this.isCode(accountId, proof.code, factors);
    if (proof.kind === 'recovery') return this.store.useCode(accountId, recoveryHash(proof.code));
    return this.isPasskey(prover.subjectId, proof.answer, factors);
  }

  private async isCode(accountId: string, code: string, factors: FactorRow[]): Promise<boolean> {
    for (const { id, secret } of factors) {
      if (!secret) continue;
      const step = stepOfCode(await this.secrets.open(accountId, secret), code, Date.now());
      if (step !== undefined && (await this.store.useStep(id, step))) return true;
    }
    return false;
  }

  private async isPasskey(
    subjectId: string,
    answer: Record<string, unknown>,
    factors: FactorRow[],
  ): Promise<boolean> {
    const challenge = await this.store.takeChallenge(subjectId, 'prove');
    const factor = factors.find(({ credentialId }) => credentialId !== null && credentialId === answer['id']);
    if (challenge === undefined || !factor) return false;
    try {
      return await this.store.useCounter(factor.id, await this.passkeys.verify(answer, challenge, factor));
    } catch (error) {
      if (error instanceof AppError && error.code === 'auth.factor_refused') return false;
      throw error;
    }
  }
}
