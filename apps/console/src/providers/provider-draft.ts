import type { IdentityProvider } from '#contracts';

type Settings = IdentityProvider['settings'];
export type Attribute = NonNullable<Settings['match']>['attribute'];

/** A provider as it is being written. */
export interface ProviderDraft {
  protocol: 'openid' | 'saml';
  name: string;
  issuer: string;
  client: string;
  secret: string;
  scopes: string;
  signInUrl: string;
  certificates: string;
  attribute: Attribute | 'none';
  claim: string;
}

export const protocols = { openid: 'OpenID Connect', saml: 'SAML 2.0' } as const;

export function draftOf(provider: IdentityProvider | undefined): ProviderDraft {
  const given = provider?.settings;
  return {
    protocol: given?.saml ? 'saml' : 'openid',
    name: provider?.name ?? '',
    issuer: given?.issuer ?? '',
    client: given?.client ?? '',
    secret: '',
    scopes: (given?.scopes ?? ['profile']).join(' '),
    signInUrl: given?.saml?.signInUrl ?? '',
    certificates: given?.saml?.certificates.join('\n') ?? '',
    attribute: given?.match?.attribute ?? 'none',
    claim: given?.match?.claim ?? 'preferred_username',
  };
}

export function settingsOf(draft: ProviderDraft): Settings {
  const { protocol, issuer, client, scopes, signInUrl, certificates, attribute, claim } = draft;
  const isSaml = protocol === 'saml';
  return {
    saml: isSaml ? { signInUrl: signInUrl.trim(), certificates: certificatesIn(certificates) } : null,
    issuer: issuer.trim(),
    client: client.trim(),
    scopes: isSaml ? [] : scopes.split(/\s+/).filter((scope) => scope !== '' && scope !== 'openid'),
    match: attribute === 'none' ? null : { claim: claim.trim(), attribute },
  };
}

/** Each block of PEM by itself; a text without any is one certificate in base64. */
function certificatesIn(text: string): string[] {
  const blocks = text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g);
  return blocks ?? [text.trim()];
}
