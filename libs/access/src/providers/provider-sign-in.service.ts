import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import { newId, type ErrorCode, type Page } from '#contracts';
import { People } from '#directory';
import { AppError, logger } from '#platform';
import type { Account, Device, NewSession } from '../sessions/sessions.service.js';
import { SecondStep } from '../sign-in/second-step.service.js';
import { BrowserSecret } from './browser-secret.js';
import { Identities } from './identities.service.js';
import { OpenId, type Claims } from './openid.service.js';
import { ProvidersStore } from './providers.store.js';

const log = logger('access');

/** Time to sign in at the provider, and then to come in here. */
export const awaySeconds = 600;
const backSeconds = 120;

/** Signing in with a provider: there, back, and in; each in the same browser. */
@Injectable()
export class ProviderSignIn {
  constructor(
    private readonly store: ProvidersStore,
    private readonly openId: OpenId,
    private readonly identities: Identities,
    private readonly people: People,
    private readonly secondStep: SecondStep,
    private readonly trail: AuditTrail,
  ) {}

  async list(): Promise<Page<{ id: string; name: string }>> {
    const items = (await this.store.active()).map(({ id, name }) => ({ id, name }));
    return { items, nextCursor: null };
  }

  /** Throws `provider.not_found`, `auth.provider_unavailable`. */
  async begin(providerId: string): Promise<{ browser: BrowserSecret; address: URL }> {
    const provider = await this.store.find(providerId);
    if (!provider?.active) throw new AppError('provider.not_found');
    const browser = BrowserSecret.draw(newId());
    const address = await this.openId.addressFor(provider, browser).catch((cause: unknown) => {
      log.warn({ err: cause, provider: provider.name }, 'an identity provider does not answer');
      throw new AppError('auth.provider_unavailable', { cause });
    });
    await this.store.begin({
      id: browser.signInId,
      providerId,
      secretHash: browser.hash,
      personId: null,
      expiresAt: new Date(Date.now() + awaySeconds * 1000),
    });
    return { browser, address };
  }

  /** Throws `auth.sign_in_over`, `auth.provider_refused`, `auth.identity_unknown`, `auth.account_disabled`. */
  async comeBack(cookie: string | undefined, search: string, address: string | null): Promise<void> {
    const browser = BrowserSecret.read(cookie);
    const underWay = browser && (await this.store.underWay(browser.signInId, browser.hash));
    const provider = underWay && (await this.store.find(underWay.providerId));
    if (!browser || !provider?.active) throw new AppError('auth.sign_in_over');
    let claims: Claims | undefined;
    try {
      claims = await this.openId.claimsOf(provider, browser, search).catch((cause: unknown) => {
        log.info({ err: cause, provider: provider.name }, 'an answer of an identity provider was refused');
        throw new AppError('auth.provider_refused', { cause });
      });
      const personId = await this.identities.personOf(provider, claims);
      await this.accountOf(personId);
      if (!(await this.store.comeBack(browser.signInId, personId, backSeconds))) {
        throw new AppError('auth.sign_in_over');
      }
    } catch (error) {
      if (error instanceof AppError) await this.noteRefusal(error.code, provider.name, claims, address);
      throw error;
    }
  }

  /** Throws `auth.sign_in_over` and the refusals of a session that begins. */
  async finish(cookie: string | undefined, device: Device): Promise<NewSession> {
    const browser = BrowserSecret.read(cookie);
    const taken = browser && (await this.store.take(browser.signInId, browser.hash));
    if (!taken) throw new AppError('auth.sign_in_over');
    return this.secondStep.admit(await this.accountOf(taken.personId), device);
  }

  /** Throws `auth.account_disabled`. */
  private async accountOf(personId: string): Promise<Account> {
    const [person] = await this.people.summaries('system', [personId]);
    if (person?.kind !== 'person' || !person.active) throw new AppError('auth.account_disabled');
    const { id, username, displayName } = person;
    return { accountKind: 'person', accountId: id, username, displayName, role: null };
  }

  /** Issuer and subject stand in the trail, so that an administrator can say whose they are. */
  private noteRefusal(
    code: ErrorCode,
    provider: string,
    claims: Claims | undefined,
    address: string | null,
  ): Promise<void> {
    const { issuer, subject } = claims ?? {};
    return this.trail.recordAlone({
      action: 'session.refused',
      outcome: 'denied',
      by: { anonymous: true, name: provider, address },
      details: { code, provider, ...(claims && { issuer, subject }) },
    });
  }
}
