import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  isUuid,
  newId,
  type FactorKind,
  type FactorOffer,
  type FactorProof,
  type NewFactor,
  type SecondFactorDemand,
} from '#contracts';
import { AppError } from '#platform';
import { FactorDemands, methodsWith } from '../factors/factor-demands.service.js';
import { FactorProofs, type Prover } from '../factors/factor-proofs.service.js';
import { Factors } from '../factors/factors.service.js';
import { Passkeys } from '../factors/passkeys.service.js';
import { Sessions, type Account, type Device, type NewSession } from '../sessions/sessions.service.js';
import type { PendingSignInRow } from './pending-sign-in.entity.js';
import { PendingSignInsStore } from './pending-sign-ins.store.js';

const pendingMs = 300_000;
const triesMost = 5;

/** What stands between the first step of a sign-in and its session: nothing, or a second factor. */
@Injectable()
export class SecondStep {
  constructor(
    private readonly store: PendingSignInsStore,
    private readonly demands: FactorDemands,
    private readonly proofs: FactorProofs,
    private readonly factors: Factors,
    private readonly passkeys: Passkeys,
    private readonly sessions: Sessions,
  ) {}

  /** Begins a session, or throws `auth.second_factor_required` with what continues the sign-in. */
  async admit(account: Account, device: Device): Promise<NewSession> {
    const demand = await this.demands.demandOf(account);
    const factors = await this.demands.factorsOf(account, demand);
    const enrol = factors.length === 0 && demand === 'required';
    if (factors.length === 0 && !enrol) return this.sessions.start(account, device);
    const details: SecondFactorDemand = {
      pending: await this.open(account, device, enrol),
      methods: enrol ? [] : methodsWith(factors),
      enrol,
      passkeyHost: this.passkeys.host,
    };
    throw new AppError('auth.second_factor_required', { details });
  }

  /** Throws `auth.sign_in_over`, `auth.factor_refused` and the refusals of a session that begins. */
  async finish(pending: string, proof: FactorProof): Promise<NewSession> {
    const row = await this.require(pending, false);
    await this.takeTry(row);
    await this.proofs.check(proverOf(row), proof);
    return this.sessions.start(accountOf(row), deviceOf(row), {
      factor: proof.kind,
      within: (tx) => this.end(tx, row),
    });
  }

  /** Throws `auth.sign_in_over`. */
  async askPasskey(pending: string): Promise<{ options: Record<string, unknown> }> {
    return this.proofs.askPasskey(proverOf(await this.require(pending, false)));
  }

  /** Throws `auth.sign_in_over` and the refusals of an offer. */
  async offer(pending: string, kind: FactorKind): Promise<FactorOffer> {
    const row = await this.require(pending, true);
    return this.factors.offer({ account: accountOf(row), subjectId: row.id }, kind);
  }

  /** Throws as `finish`, and as a factor that is set up. */
  async enrol(pending: string, name: string, factor: NewFactor) {
    const row = await this.require(pending, true);
    await this.takeTry(row);
    const enroller = { account: accountOf(row), subjectId: row.id };
    const enrolment = await this.factors.accept(enroller, name, factor, null);
    let recoveryCodes: string[] = [];
    const session = await this.sessions.start(enroller.account, deviceOf(row), {
      factor: factor.kind,
      within: async (tx, by) => {
        await this.end(tx, row);
        recoveryCodes = (await this.factors.keep(tx, enrolment, by)) ?? [];
      },
    });
    return { session, recoveryCodes };
  }

  /** Of the device a sign-in under way is for. Throws `auth.sign_in_over`. */
  async platformOf(pending: string): Promise<string> {
    return (await this.find(pending)).platform;
  }

  private async open(account: Account, device: Device, enrols: boolean): Promise<string> {
    const id = newId();
    const token = `${id}.${randomBytes(32).toString('base64url')}`;
    const { accountKind, accountId, username, displayName, role } = account;
    const now = Date.now();
    await this.store.insert({
      ...{ id, accountKind, accountId, username, displayName, role, enrols },
      tokenHash: hashOf(token),
      deviceName: device.name,
      platform: device.platform,
      address: device.address,
      tries: 0,
      createdAt: new Date(now),
      expiresAt: new Date(now + pendingMs),
    });
    return token;
  }

  private async find(pending: string): Promise<PendingSignInRow> {
    const id = pending.slice(0, 36);
    const row = isUuid(id) ? await this.store.find(id, hashOf(pending)) : undefined;
    if (!row) throw new AppError('auth.sign_in_over');
    return row;
  }

  private async require(pending: string, enrols: boolean): Promise<PendingSignInRow> {
    const row = await this.find(pending);
    // Whoever has to prove a factor cannot set up another one instead.
    if (row.enrols !== enrols) throw new AppError('auth.sign_in_over');
    return row;
  }

  private async takeTry({ id }: PendingSignInRow): Promise<void> {
    if (!(await this.store.takeTry(id, triesMost))) throw new AppError('auth.sign_in_over');
  }

  private async end(tx: Parameters<PendingSignInsStore['end']>[0], { id }: PendingSignInRow): Promise<void> {
    if (!(await this.store.end(tx, id))) throw new AppError('auth.sign_in_over');
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

const accountOf = ({ accountKind, accountId, username, displayName, role }: PendingSignInRow): Account => ({
  accountKind,
  accountId,
  username,
  displayName,
  role,
});

const deviceOf = ({ deviceName, platform, address }: PendingSignInRow): Device => ({
  name: deviceName,
  platform,
  address,
});

const proverOf = (row: PendingSignInRow): Prover => ({
  account: accountOf(row),
  subjectId: row.id,
  by: { anonymous: true, name: row.username, address: row.address },
});
