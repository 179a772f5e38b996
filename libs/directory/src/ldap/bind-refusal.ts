/** Why a directory refused somebody's password. */
export type BindRefusal =
  | 'wrong'
  | 'disabled'
  | 'locked'
  | 'account_expired'
  | 'password_expired'
  | 'must_change'
  | 'hours'
  | 'device';

/** What a directory answered to a bind. */
export interface BindAnswer {
  /** LDAP result code (RFC 4511 §4.1.9). */
  code: number;
  /** Its diagnostic message. */
  message: string;
}

const resultCode = { constraintViolation: 19, invalidCredentials: 49, unwillingToPerform: 53 };

/**
 * The `data` of Active Directory's diagnostic message, a Windows error in hexadecimal. All but 525, 52e and 775 are
 * said only to whoever knows the password.
 */
const activeDirectoryData: Record<string, BindRefusal> = {
  '525': 'wrong',
  '52e': 'wrong',
  '52f': 'wrong',
  '530': 'hours',
  '531': 'device',
  '532': 'password_expired',
  '533': 'disabled',
  '701': 'account_expired',
  '773': 'must_change',
  '775': 'locked',
};

/** The refusal an answer means; undefined where it says nothing about the account, as when the server is busy. */
export function bindRefusal({ code, message }: BindAnswer): BindRefusal | undefined {
  if (code === resultCode.constraintViolation) return 'locked';
  if (code === resultCode.unwillingToPerform)
    return /inactivated|disabled|locked/i.test(message) ? 'disabled' : undefined;
  if (code !== resultCode.invalidCredentials) return undefined;
  const data = /\bdata ([0-9a-f]+)\b/i.exec(message)?.[1]?.toLowerCase();
  if (data !== undefined) return activeDirectoryData[data] ?? 'wrong';
  return /disabled|locked/i.test(message) ? 'disabled' : 'wrong';
}
