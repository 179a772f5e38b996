import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import passport from 'passport';
import type { Request } from 'express';
import { AuditTrail } from '#audit';
import type { ErrorCode } from '#contracts';
import { foldText } from '#directory';
import { AppError, SETTINGS, type Settings } from '#platform';
import type { Account, NewSession } from '../sessions/sessions.service.js';
import { AttemptsStore } from './attempts.store.js';
import { passwordStrategy } from './password.strategy.js';
import { SecondStep } from './second-step.service.js';

export interface SignInRequest {
  username: string;
  password: string;
  device: { name: string; platform: string };
}

/** A refusal is told after so long, unless the directory takes longer. */
const refusalMs = 300;

/** Refusals that tell of an attempt that failed. */
const refusals: ReadonlySet<ErrorCode> = new Set([
  'auth.invalid_credentials',
  'auth.account_disabled',
  'auth.account_locked',
  'auth.account_expired',
  'auth.password_expired',
  'auth.password_must_change',
  'auth.hours_restricted',
  'auth.device_restricted',
]);

/** From a name and a password to a session. */
@Injectable()
export class SignIn {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly attempts: AttemptsStore,
    private readonly secondStep: SecondStep,
    private readonly trail: AuditTrail,
  ) {}

  /** Throws the refusals of `POST /auth/login`. */
  async withPassword(request: Request, { username, password, device }: SignInRequest): Promise<NewSession> {
    const begin = performance.now();
    const address = request.ip ?? null;
    const subjects = { account: `account ${foldText(username)}`, address: `address ${address}` };
    await this.requireAttemptsLeft(subjects);
    try {
      // Passport's local strategy refuses an empty password as malformed; it is simply a wrong one.
      if (password === '') throw new AppError('auth.invalid_credentials');
      const account = await authenticate(request, passwordStrategy);
      await this.attempts.forget(subjects.account);
      return await this.secondStep.admit(account, { ...device, address });
    } catch (error) {
      if (error instanceof AppError && error.code === 'auth.second_factor_required') throw error;
      await this.noteRefusal(error, username, address, subjects);
      // How long it took to find out would tell which names there are.
      await pause(Math.max(0, refusalMs - (performance.now() - begin)));
      throw error;
    }
  }

  private async requireAttemptsLeft(subjects: { account: string; address: string }): Promise<void> {
    const recent = await this.attempts.recent([subjects.account, subjects.address]);
    const bounds = [
      [subjects.account, this.settings.SIGN_IN_FAILURES_PER_ACCOUNT],
      [subjects.address, this.settings.SIGN_IN_FAILURES_PER_ADDRESS],
    ] as const;
    for (const [subject, bound] of bounds) {
      const attempts = recent.get(subject);
      if (attempts && attempts.count >= bound) {
        throw new AppError('auth.too_many_attempts', { retryAfterMs: attempts.leftMs });
      }
    }
  }

  private async noteRefusal(
    error: unknown,
    username: string,
    address: string | null,
    subjects: { account: string; address: string },
  ): Promise<void> {
    if (!(error instanceof AppError)) return;
    // A directory that is away says nothing about the password, so it counts for nobody.
    if (!refusals.has(error.code)) return;
    await this.attempts.count([subjects.account, subjects.address]);
    await this.trail.recordAlone({
      action: 'session.refused',
      outcome: 'denied',
      by: { anonymous: true, name: username.slice(0, 256), address },
      details: { code: error.code },
    });
  }
}

/** Runs one of Passport's strategies on a request. */
function authenticate(request: Request, strategy: string): Promise<Account> {
  return new Promise((resolve, reject) => {
    const answer = (error: unknown, account: Account | false | undefined) => {
      if (error) reject(error);
      else if (account) resolve(account);
      else reject(new AppError('auth.invalid_credentials'));
    };
    const run = passport.authenticate(strategy, { session: false }, answer) as (
      request: Request,
      response: unknown,
      next: (error?: unknown) => void,
    ) => void;
    run(request, {}, (error) => reject(error instanceof Error ? error : new Error(String(error))));
  });
}
