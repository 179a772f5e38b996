import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import { isUuid, newId, type ErrorCode, type Page } from '#contracts';
import { People } from '#directory';
import { AppError, logger } from '#platform';
import type { Account, Device, NewSession } from '../sessions/sessions.service.js';
import { SecondStep } from '../sign-in/second-step.service.js';
import { BrowserSecret } from './browser-secret.js';
import { Identities } from './identities.service.js';
import type { Claims } from './claims.js';
import type { IdentityProviderRow, ProviderSignInRow } from './identity-provider.entity.js';
import { OpenId } from './openid.service.js';
import { ProvidersStore } from './providers.store.js';
import { Saml } from './saml.service.js';

const log = logger('access');

/** Time to sign in at the provider, and then to come in here. */
export const awaySeconds = 600;
const backSeconds = 120;
const longestClaim = 1024;

/** Signing in with a provider: there, back, and in; each in the same browser. */
@Injectable()
export class ProviderSignIn {
  constructor(
    private readonly store: ProvidersStore,
    private readonly openId: OpenId,
    private readonly saml: Saml,
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
    const protocol = provider.settings.saml ? this.saml : this.openId;
    const address = await protocol.addressFor(provider, browser).catch((cause: unknown) => {
      log.warn({ err: cause, provider: provider.name }, 'an identity provider does not answer');
      throw new AppError('auth.provider_unavailable', { cause });
    });
    await this.store.begin({
      id: browser.signInId,
      providerId,
      secretHash: browser.hash,
      answerHash: null,
      claims: null,
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
    if (!browser || !underWay || !provider?.active) throw new AppError('auth.sign_in_over');
    let claims: Claims | undefined;
    try {
      claims = provider.settings.saml
        ? claimsBrought(underWay, search)
        : await this.openId.claimsOf(provider, browser, search).catch(refused(provider));
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

  /**
   * Takes an answer of SAML, which comes without our cookie. What it says counts only for the browser that has posted it
   * and has the cookie, too. Throws `auth.sign_in_over`, `auth.provider_refused`.
   * @returns what the browser brings along
   */
  async takeAnswer(signInId: string | undefined, answer: string, address: string | null): Promise<string> {
    const awaited = signInId && isUuid(signInId) ? await this.store.awaited(signInId) : undefined;
    const provider = awaited && (await this.store.find(awaited.providerId));
    if (!awaited || !provider?.active || !provider.settings.saml) throw new AppError('auth.sign_in_over');
    try {
      const claims = await this.saml.claimsOf(provider, awaited.id, answer).catch(refused(provider));
      const token = randomBytes(32).toString('base64url');
      if (!(await this.store.answered(awaited.id, hashOf(token), claimsKept(provider, claims)))) {
        throw new AppError('auth.sign_in_over');
      }
      return token;
    } catch (error) {
      if (error instanceof AppError) await this.noteRefusal(error.code, provider.name, undefined, address);
      throw error;
    }
  }

  /** Throws `provider.not_found`. */
  async metadata(providerId: string): Promise<string> {
    const provider = await this.store.find(providerId);
    if (!provider?.settings.saml) throw new AppError('provider.not_found');
    return this.saml.metadata(provider);
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

const refused =
  ({ name }: IdentityProviderRow) =>
  (cause: unknown): never => {
    log.info({ err: cause, provider: name }, 'an answer of an identity provider was refused');
    throw new AppError('auth.provider_refused', { cause });
  };

/** What was posted by this browser. Throws `auth.provider_refused`. */
function claimsBrought({ claims, answerHash }: ProviderSignInRow, search: string): Claims {
  const token = new URLSearchParams(search).get('answer') ?? '';
  if (!claims || !answerHash || !timingSafeEqual(hashOf(token), answerHash)) {
    throw new AppError('auth.provider_refused');
  }
  return claims;
}

/** No more of what a provider tells is kept than is needed to find a person. Throws `auth.provider_refused`. */
function claimsKept({ settings }: IdentityProviderRow, { issuer, subject, all }: Claims): Claims {
  if (subject.length > longestClaim) throw new AppError('auth.provider_refused');
  const value = settings.match && all[settings.match.claim];
  const isKept = settings.match && typeof value === 'string' && value.length <= longestClaim;
  return { issuer, subject, all: isKept ? { [settings.match!.claim]: value } : {} };
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
