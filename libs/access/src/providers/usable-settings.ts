import type { IdentityProviderSettings } from '#contracts';
import { AppError } from '#platform';
import { requireCertificates } from './saml-assertion.js';

/** Throws `provider.invalid`: secrets, codes and requests are not sent over a network in the open. */
export function requireUsable({ issuer, saml }: IdentityProviderSettings): void {
  if (saml === null) {
    requireAddress('issuer', issuer);
    const { username, search, hash } = new URL(issuer);
    if (username !== '' || search !== '' || hash !== '')
      throw invalid('issuer', 'it has parts no issuer has');
    return;
  }
  requireAddress('signInUrl', saml.signInUrl);
  try {
    requireCertificates(saml.certificates);
  } catch (error) {
    throw invalid('certificates', error instanceof Error ? error.message : String(error));
  }
}

function requireAddress(field: string, address: string): void {
  const url = URL.parse(address);
  if (!url) throw invalid(field, 'it is no address');
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isHere)) {
    throw invalid(field, 'it must be reached by https');
  }
}

const invalid = (field: string, reason: string) =>
  new AppError('provider.invalid', { details: { field, reason } });
