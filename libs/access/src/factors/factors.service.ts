import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import { newId, type FactorKind, type FactorOffer, type NewFactor } from '#contracts';
import type { Transaction } from '#persistence';
import { AppError, type Principal } from '#platform';
import type { Account } from '../sessions/sessions.service.js';
import { presentFactor } from './factor.js';
import { FactorDemands } from './factor-demands.service.js';
import type { FactorRow } from './factor.entity.js';
import { FactorProofs } from './factor-proofs.service.js';
import { FactorSecrets } from './factor-secrets.js';
import { FactorsStore } from './factors.store.js';
import { Passkeys } from './passkeys.service.js';
import { newRecoveryCode, recoveryCodeCount, recoveryHash } from './recovery-codes.js';
import { base32, stepOfCode, totpSecretBytes, totpUri } from './totp.js';

const offerSeconds = 600;
const factorsMost = 10;

/** An account, and the session or the sign-in under way in which it sets something up. */
export interface Enroller {
  account: Account;
  subjectId: string;
}

/** A factor that works, ready to be kept. */
export interface Enrolment {
  row: FactorRow;
  account: Account;
}

/** Setting second factors up, and removing them. */
@Injectable()
export class Factors {
  constructor(
    private readonly store: FactorsStore,
    private readonly demands: FactorDemands,
    private readonly proofs: FactorProofs,
    private readonly secrets: FactorSecrets,
    private readonly passkeys: Passkeys,
    private readonly trail: AuditTrail,
  ) {}

  async mine(account: Account) {
    const [factors, recoveryCodesLeft, demand] = await Promise.all([
      this.store.of(account.accountId),
      this.store.codesLeft(account.accountId),
      this.demands.demandOf(account),
    ]);
    return {
      factors: factors.map(presentFactor),
      recoveryCodesLeft,
      demand,
      passkeyHost: this.passkeys.host,
    };
  }

  /** Throws `factor.unavailable`, `factor.too_many`. */
  async offer({ account, subjectId }: Enroller, kind: FactorKind): Promise<FactorOffer> {
    const { accountId, username } = account;
    if ((await this.demands.demandOf(account)) === 'off') throw new AppError('factor.unavailable');
    const known = await this.store.of(accountId);
    requireRoom(known);
    if (kind === 'passkey') {
      const { options, challenge } = await this.passkeys.offer(account, known);
      const put = { subjectId, purpose: 'enrol_passkey' as const, challenge, secret: null };
      await this.store.putChallenge(put, offerSeconds);
      return { kind, secret: null, uri: null, options };
    }
    const secret = randomBytes(totpSecretBytes);
    const sealed = await this.secrets.seal(accountId, secret);
    const put = { subjectId, purpose: 'enrol_totp' as const, challenge: '', secret: sealed };
    await this.store.putChallenge(put, offerSeconds);
    const text = base32(secret);
    return { kind, secret: text, uri: totpUri('Chancery', username, text), options: null };
  }

  /** Throws `auth.factor_refused`, `factor.offer_over`, `rate.limited`. */
  async accept(
    enroller: Enroller,
    name: string,
    factor: NewFactor,
    clientId: string | null,
  ): Promise<Enrolment> {
    const { account } = enroller;
    await this.proofs.limit(account.accountId);
    const proved =
      factor.kind === 'totp'
        ? await this.acceptCode(enroller, factor.code)
        : await this.acceptPasskey(enroller, factor.answer);
    const { accountId, accountKind } = account;
    const row: FactorRow = {
      ...{
        secret: null,
        lastStep: null,
        credentialId: null,
        publicKey: null,
        counter: null,
        transports: null,
      },
      ...proved,
      ...{ id: newId(), accountId, accountKind, kind: factor.kind, name, clientId },
      createdAt: new Date(),
      usedAt: null,
    };
    return { row, account };
  }

  /** Keeps a factor. @returns recovery codes where it is the first one. Throws `factor.too_many`. */
  async keep(tx: Transaction, { row, account }: Enrolment, by: Principal): Promise<string[] | null> {
    await this.store.lock(tx, account.accountId);
    const known = await this.store.ofWithin(tx, account.accountId);
    requireRoom(known);
    const isKnown = known.some(
      ({ credentialId }) => credentialId !== null && credentialId === row.credentialId,
    );
    if (isKnown) throw new AppError('auth.factor_refused');
    await this.store.insert(tx, row);
    await this.trail.record(tx, {
      action: 'factor.enrolled',
      by,
      object: { kind: 'factor', id: row.id },
      details: { kind: row.kind, name: row.name },
    });
    return known.length === 0 ? this.newCodes(tx, account.accountId) : null;
  }

  /** A repeat gets the same factor, without the codes. Throws the refusals of `accept` and `keep`. */
  async add(by: Principal, account: Account, request: { name: string; factor: NewFactor; clientId: string }) {
    const known = await this.store.of(account.accountId);
    const repeated = known.find(({ clientId }) => clientId === request.clientId);
    if (repeated) return { factor: presentFactor(repeated), recoveryCodes: null };
    const enroller = { account, subjectId: by.sessionId };
    const enrolment = await this.accept(enroller, request.name, request.factor, request.clientId);
    const recoveryCodes = await this.store.transaction((tx) => this.keep(tx, enrolment, by));
    return { factor: presentFactor(enrolment.row), recoveryCodes };
  }

  /** Throws `factor.not_found`, `factor.needed`. */
  async remove(by: Principal, account: Account, factorId: string): Promise<void> {
    const demand = await this.demands.demandOf(account);
    await this.store.transaction(async (tx) => {
      await this.store.lock(tx, account.accountId);
      const known = await this.store.ofWithin(tx, account.accountId);
      const factor = known.find(({ id }) => id === factorId);
      if (!factor) throw new AppError('factor.not_found');
      if (known.length === 1 && demand === 'required') throw new AppError('factor.needed');
      await this.store.remove(tx, factorId);
      if (known.length === 1) await this.store.removeCodes(tx, account.accountId);
      await this.trail.record(tx, {
        action: 'factor.removed',
        by,
        object: { kind: 'factor', id: factorId },
        details: { kind: factor.kind, name: factor.name },
      });
    });
  }

  /** Throws `factor.not_found` for an account without factors. */
  async makeCodes(by: Principal): Promise<string[]> {
    return this.store.transaction(async (tx) => {
      await this.store.lock(tx, by.id);
      if ((await this.store.ofWithin(tx, by.id)).length === 0) throw new AppError('factor.not_found');
      await this.trail.record(tx, {
        action: 'factor.recovery_codes_made',
        by,
        object: { kind: 'account', id: by.id },
      });
      return this.newCodes(tx, by.id);
    });
  }

  private async newCodes(tx: Transaction, accountId: string): Promise<string[]> {
    const codes = Array.from({ length: recoveryCodeCount }, newRecoveryCode);
    await this.store.replaceCodes(tx, accountId, codes.map(recoveryHash));
    return codes;
  }

  private async acceptCode({ account, subjectId }: Enroller, code: string) {
    const offer = await this.store.findChallenge(subjectId, 'enrol_totp');
    if (!offer?.secret) throw new AppError('factor.offer_over');
    const { secret } = offer;
    const step = stepOfCode(await this.secrets.open(account.accountId, secret), code, Date.now());
    if (step === undefined) throw new AppError('auth.factor_refused');
    // Whoever comes first keeps it: one offer makes one factor.
    if ((await this.store.takeChallenge(subjectId, 'enrol_totp')) === undefined)
      throw new AppError('factor.offer_over');
    return { secret, lastStep: step };
  }

  private async acceptPasskey({ subjectId }: Enroller, answer: Record<string, unknown>) {
    const challenge = await this.store.takeChallenge(subjectId, 'enrol_passkey');
    if (challenge === undefined) throw new AppError('factor.offer_over');
    return this.passkeys.accept(answer, challenge);
  }
}

function requireRoom(known: readonly FactorRow[]): void {
  if (known.length >= factorsMost) throw new AppError('factor.too_many', { details: { most: factorsMost } });
}
