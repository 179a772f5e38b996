import { Injectable } from '@nestjs/common';
import type { ProofDemand } from '#contracts';
import { AppError, type Principal } from '#platform';
import type { Account } from '../sessions/sessions.service.js';
import { Sessions } from '../sessions/sessions.service.js';
import { FactorDemands } from './factor-demands.service.js';
import { Passkeys } from './passkeys.service.js';

/** How long a proof is fresh. A sign-in is one. */
export const freshSeconds = 300;

/** Acts that need more than an open session. */
@Injectable()
export class FreshProofs {
  constructor(
    private readonly sessions: Sessions,
    private readonly demands: FactorDemands,
    private readonly passkeys: Passkeys,
  ) {}

  /** Throws `auth.proof_required` where the caller has not proved lately who they are. */
  async require(principal: Principal): Promise<void> {
    if (await this.sessions.hasProved(principal.sessionId, freshSeconds)) return;
    const account = accountOf(principal);
    const methods = account ? await this.demands.methodsOf(account) : [];
    const details: ProofDemand = { methods, passkeyHost: this.passkeys.host };
    throw new AppError('auth.proof_required', { details });
  }
}

/** Undefined for bots, which prove nothing but their token. */
export function accountOf(principal: Principal): Account | undefined {
  if (principal.kind === 'bot') return undefined;
  return {
    accountKind: principal.kind,
    accountId: principal.id,
    username: principal.username,
    displayName: principal.name,
    role: principal.kind === 'administrator' ? principal.role : null,
  };
}
