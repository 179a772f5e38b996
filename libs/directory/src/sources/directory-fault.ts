import { InvalidCredentialsError, NoSuchObjectError, ResultCodeError } from 'ldapts';
import type { DirectorySourceSettings, DirectoryTestStep } from '#contracts';
import { TimeoutError } from '../ldap/connection.js';

type Fault = NonNullable<DirectoryTestStep['fault']>;

const faultOfCode: Record<string, Fault> = {
  ENOTFOUND: 'name_unknown',
  EAI_AGAIN: 'name_unknown',
  ECONNREFUSED: 'unreachable',
  ECONNRESET: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EPIPE: 'unreachable',
  ETIMEDOUT: 'timeout',
  CERT_HAS_EXPIRED: 'certificate_expired',
  CERT_NOT_YET_VALID: 'certificate_expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate_name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate_untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate_untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate_untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate_untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate_untrusted',
  CERT_SIGNATURE_FAILURE: 'certificate_untrusted',
};

/** What an error of reaching or asking a directory means. */
export function faultOf(error: unknown, { security }: Pick<DirectorySourceSettings, 'security'>): Fault {
  if (error instanceof TimeoutError) return 'timeout';
  if (error instanceof InvalidCredentialsError) return 'credentials';
  if (error instanceof NoSuchObjectError) return 'base_missing';
  const { code, message } = partsOf(error);
  const known = faultOfCode[code];
  if (known) return known;
  if (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code)) return 'tls_failed';
  // The only thing that is asked before the bind is StartTLS.
  if (error instanceof ResultCodeError) return security === 'starttls' ? 'starttls_refused' : 'failed';
  if (/connection timeout|timed out/i.test(message)) return 'timeout';
  if (/closed the connection|socket/i.test(message)) {
    return security === 'plain' ? 'unreachable' : 'tls_failed';
  }
  return 'failed';
}

/** Of an error of the system, the name of its fault; of one of LDAP, nothing: its code is a number. */
function partsOf(error: unknown): { code: string; message: string } {
  if (typeof error !== 'object' || error === null) return { code: '', message: String(error) };
  const { code, message } = error as { code?: unknown; message?: unknown };
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
  };
}
