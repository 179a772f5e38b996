import { X509Certificate } from 'node:crypto';
import { FilterParser } from 'ldapts';
import type { DirectorySourceSettings } from '#contracts';
import { AppError, canonicalJson } from '#platform';

const refuse = (field: string, reason: string): never => {
  throw new AppError('directory.source_invalid', { details: { field, reason } });
};

/** Throws `directory.source_invalid` where settings have the right form and cannot be used all the same. */
export function requireUsable(settings: DirectorySourceSettings): void {
  if (settings.security === 'plain' && !settings.allowPlain) refuse('security', 'plain_without_consent');
  for (const field of ['peopleFilter', 'departmentsFilter'] as const) {
    try {
      FilterParser.parseString(settings[field]);
    } catch {
      refuse(field, 'filter_malformed');
    }
  }
  if (settings.authorities !== '') requireCertificates(settings.authorities);
}

const certificate = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

function requireCertificates(pem: string): void {
  const found = pem.match(certificate) ?? [];
  if (found.length === 0) refuse('authorities', 'no_certificate');
  try {
    // Throws where it is none.
    found.map((one) => new X509Certificate(one));
  } catch {
    refuse('authorities', 'certificate_malformed');
  }
}

/** Whether a password that was given for one way may be sent over another. Who may change the way may not learn it. */
export function isSameWay(a: DirectorySourceSettings, b: DirectorySourceSettings): boolean {
  const way = ({ hosts, security, authorities, serverName, bindDn }: DirectorySourceSettings) =>
    canonicalJson({ hosts, security, authorities, serverName, bindDn });
  return way(a) === way(b);
}
