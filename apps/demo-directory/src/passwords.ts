import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto';

const consonants = 'bdfghklmnprstvwz';
const vowels = 'aiou';

export function secretKey(secret: string): KeyObject {
  return createSecretKey(secret, 'hex');
}

/** Whose password: the kind keeps an employee called like an administrator from sharing one. */
export type Holder = `administrator:${string}` | `person:${string}` | `service:${string}`;

/**
 * Eleven syllables and two digits, such as `bamiro-tolusa-kodifo-nupa47`: 72 bits, and a person can type it.
 * It is derived instead of drawn, so that 200,000 of them need no store and appear in a second.
 */
export function passwordOf(secret: KeyObject, holder: Holder): string {
  const bytes = createHmac('sha256', secret).update(holder).digest();
  let password = '';
  for (let place = 0; place < 11; place += 1) {
    if (place > 0 && place % 3 === 0) password += '-';
    const byte = bytes[place] ?? 0;
    password += consonants.charAt(byte & 15) + vowels.charAt((byte >> 4) & 3);
  }
  const digits = bytes.readUInt32BE(12) % 100;
  return password + String(digits).padStart(2, '0');
}

/** Takes the same time however much of the password is right. */
export function isSamePassword(given: string, expected: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', expected, 'buffer'));
}
