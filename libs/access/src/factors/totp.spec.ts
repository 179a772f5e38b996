import { describe, expect, it } from '@jest/globals';
import { base32, stepOfCode, totpCode, totpStep, totpUri } from './totp.js';

const secret = Buffer.from('12345678901234567890');

describe('codes of an app', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('are those of RFC 6238, appendix B, at %i s', (seconds, code) => {
    expect(totpCode(secret, totpStep(seconds * 1000))).toBe(code);
  });

  it('count one step before and after their own, and tell which they are of', () => {
    const now = 1_234_567_890_000;
    const step = totpStep(now);
    for (const off of [-1, 0, 1])
      expect(stepOfCode(secret, totpCode(secret, step + off), now)).toBe(step + off);
    for (const off of [-2, 2]) expect(stepOfCode(secret, totpCode(secret, step + off), now)).toBeUndefined();
    for (const code of ['', '12345', '1234567', 'abcdef'])
      expect(stepOfCode(secret, code, now)).toBeUndefined();
  });

  it('have secrets that apps read', () => {
    expect(base32(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
    expect(base32(secret)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    expect(totpUri('Chancery', '王 a&b', 'ABC')).toContain(
      'Chancery:%E7%8E%8B%20a%26b?secret=ABC&issuer=Chancery',
    );
  });
});
