import { createHash, randomInt } from 'node:crypto';

export const recoveryCodeCount = 10;
/** Without the letters and digits that look alike. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
/** 99 random bits: nobody guesses one, so a plain digest of it is enough. */
const letters = 20;

/** `xxxxx-xxxxx-xxxxx-xxxxx` */
export const newRecoveryCode = (): string =>
  Array.from({ length: letters }, () => alphabet[randomInt(alphabet.length)])
    .join('')
    .replaceAll(/(.{5})(?!$)/g, '$1-');

/** Stored in place of a code. Case, spaces and hyphens do not matter. */
export const recoveryHash = (code: string): Buffer =>
  createHash('sha256')
    .update(`chancery recovery code ${code.toLowerCase().replaceAll(/[\s-]/g, '')}`)
    .digest();
