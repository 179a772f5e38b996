import { Inject, Injectable } from '@nestjs/common';
import type { SAML } from '@node-saml/node-saml';
import { apiBase } from '#contracts';
import { SETTINGS, type Settings } from '#platform';
import {
  keyInfos,
  requireAddressed,
  requireCertificates,
  requirePlainXml,
  textOf,
} from './saml-assertion.js';
import type { BrowserSecret } from './browser-secret.js';
import type { IdentityProviderRow } from './identity-provider.entity.js';
import type { Claims } from './claims.js';

/** Clocks of the provider and of this machine may differ by so much. */
const clockSkewMs = 60_000;
/** However long the provider says that its answer is good. */
const assertionMs = 300_000;

/** Loaded when somebody uses a provider of SAML. */
const nodeSaml = () => import('@node-saml/node-saml');

/**
 * SAML 2.0 with one provider: the request by redirect, the answer by form. An answer is taken for what its signature
 * covers, and only for the one sign-in it was asked for.
 */
@Injectable()
export class Saml {
  /** Where providers post their answers to. */
  readonly answerAddress: string;

  private readonly base: string;

  constructor(@Inject(SETTINGS) { PUBLIC_URL, PORT }: Settings) {
    this.base = `${new URL(PUBLIC_URL ?? `http://localhost:${PORT}`).origin}${apiBase}/auth`;
    this.answerAddress = `${this.base}/saml`;
  }

  metadataAddress(providerId: string): string {
    return `${this.base}/providers/${providerId}/metadata`;
  }

  /** Where to send a browser. */
  async addressFor(provider: IdentityProviderRow, browser: BrowserSecret): Promise<URL> {
    const saml = await this.open(provider, browser.signInId);
    return new URL(await saml.getAuthorizeUrlAsync(browser.signInId, undefined, {}));
  }

  /** What a provider needs to know of this installation, as XML. */
  async metadata(provider: IdentityProviderRow): Promise<string> {
    const { generateServiceProviderMetadata } = await nodeSaml();
    return generateServiceProviderMetadata({
      issuer: provider.settings.client,
      callbackUrl: this.answerAddress,
      identifierFormat: null,
      wantAssertionsSigned: true,
    });
  }

  /** Throws where the answer is not one of this provider for this sign-in, now. */
  async claimsOf(provider: IdentityProviderRow, signInId: string, answer: string): Promise<Claims> {
    requirePlainXml(Buffer.from(answer, 'base64').toString('utf8'));
    const saml = await this.open(provider, signInId);
    const { profile } = await saml.validatePostResponseAsync({
      SAMLResponse: answer,
    });
    if (!profile?.getAssertion) throw new Error('the answer says of nobody who they are');
    const { Assertion: assertion } = profile.getAssertion() as { Assertion: unknown };
    requireAddressed(assertion, {
      issuer: provider.settings.issuer,
      recipient: this.answerAddress,
      inResponseTo: requestIdOf(signInId),
      now: Date.now() - clockSkewMs,
    });
    const attributes = (profile['attributes'] ?? {}) as Record<string, unknown>;
    return {
      issuer: profile.issuer,
      subject: textOf(profile.nameID),
      all: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, firstOf(value)])),
    };
  }

  /** Throws what is wrong with what was set up. @returns addresses that browsers are sent to */
  look({ settings }: IdentityProviderRow): string[] {
    const { certificates, signInUrl } = settings.saml!;
    requireCertificates(certificates);
    return [signInUrl];
  }

  private async open({ settings }: IdentityProviderRow, signInId: string): Promise<SAML> {
    const { SAML, ValidateInResponseTo } = await nodeSaml();
    const { signInUrl, certificates } = settings.saml!;
    return new SAML({
      entryPoint: signInUrl,
      idpCert: keyInfos(certificates),
      issuer: settings.client,
      audience: settings.client,
      callbackUrl: this.answerAddress,
      identifierFormat: null,
      disableRequestedAuthnContext: true,
      wantAssertionsSigned: true,
      // The assertion is what counts; whether the whole is signed too is the provider's affair.
      wantAuthnResponseSigned: false,
      // Held against the sign-in itself, which every process knows.
      validateInResponseTo: ValidateInResponseTo.never,
      acceptedClockSkewMs: clockSkewMs,
      maxAssertionAgeMs: assertionMs,
      generateUniqueId: () => requestIdOf(signInId),
    });
  }
}

/** An id of XML begins with no digit. */
const requestIdOf = (signInId: string): string => `_${signInId}`;

const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);
