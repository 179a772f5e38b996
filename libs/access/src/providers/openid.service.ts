import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  None,
  type Configuration,
} from 'openid-client';
import { apiBase } from '#contracts';
import { SETTINGS, type Settings } from '#platform';
import type { BrowserSecret } from './browser-secret.js';
import type { Claims } from './claims.js';
import type { IdentityProviderRow } from './identity-provider.entity.js';
import { ProviderSecrets } from './provider-secrets.js';

const answerSeconds = 5;
/** Keys of a provider change; its addresses seldom do. */
const keptMs = 600_000;

/** OpenID Connect with one provider: the code flow with PKCE, state and nonce. */
@Injectable()
export class OpenId {
  /** Where providers send browsers back to. */
  readonly redirectUri: string;
  private readonly known = new LRUCache<string, Configuration>({ max: 100, ttl: keptMs });

  constructor(
    @Inject(SETTINGS) { PUBLIC_URL, PORT }: Settings,
    private readonly secrets: ProviderSecrets,
  ) {
    const address = new URL(PUBLIC_URL ?? `http://localhost:${PORT}`);
    this.redirectUri = `${address.origin}${apiBase}/auth/callback`;
  }

  /** Where to send a browser. */
  async addressFor(provider: IdentityProviderRow, browser: BrowserSecret): Promise<URL> {
    return buildAuthorizationUrl(await this.configuration(provider), {
      redirect_uri: this.redirectUri,
      scope: ['openid', ...provider.settings.scopes].join(' '),
      code_challenge: await calculatePKCECodeChallenge(browser.verifier),
      code_challenge_method: 'S256',
      state: browser.state,
      nonce: browser.nonce,
    });
  }

  /** Throws where the answer is not one for this browser, or not one of this provider. */
  async claimsOf(provider: IdentityProviderRow, browser: BrowserSecret, search: string): Promise<Claims> {
    const tokens = await authorizationCodeGrant(
      await this.configuration(provider),
      new URL(this.redirectUri + search),
      {
        pkceCodeVerifier: browser.verifier,
        expectedState: browser.state,
        expectedNonce: browser.nonce,
        idTokenExpected: true,
      },
    );
    const claims = tokens.claims()!;
    return { issuer: claims.iss, subject: claims.sub, all: { ...claims } };
  }

  /** What its discovery document says, asked anew. Throws what went wrong. */
  async look(provider: IdentityProviderRow): Promise<string[]> {
    this.known.delete(keyOf(provider));
    const metadata = (await this.configuration(provider)).serverMetadata();
    return [metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri].filter(
      (address) => address !== undefined,
    );
  }

  private async configuration(provider: IdentityProviderRow): Promise<Configuration> {
    const known = this.known.get(keyOf(provider));
    if (known) return known;
    const { settings, secret } = provider;
    const issuer = new URL(settings.issuer);
    const configuration = await discovery(
      issuer,
      settings.client,
      secret ? await this.secrets.open(provider.id, secret) : undefined,
      secret ? undefined : None(),
      {
        timeout: answerSeconds,
        ...(issuer.protocol === 'http:' && { execute: [allowInsecureRequests] }),
      },
    );
    this.known.set(keyOf(provider), configuration);
    return configuration;
  }
}

const keyOf = ({ id, version }: IdentityProviderRow): string => `${id} ${version}`;
