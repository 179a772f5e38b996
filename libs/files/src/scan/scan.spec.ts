import { describe, expect, it } from '@jest/globals';
import { nextAttempt, obstacleOf, shownScan, verdictOf } from './scan.js';

describe('the answer of a scanner', () => {
  it.each([
    ['stream: OK\0', { scan: 'clean' }],
    ['stream: Eicar-Test-Signature FOUND\0', { scan: 'infected', finding: 'Eicar-Test-Signature' }],
    ['INSTREAM size limit exceeded. ERROR\0', { scan: 'too_large' }],
    ['', { scan: 'error', reason: '' }],
    [
      "stream: Can't allocate memory ERROR\0",
      { scan: 'error', reason: "stream: Can't allocate memory ERROR" },
    ],
  ])('%j means %j', (answer, verdict) => {
    expect(verdictOf(answer)).toEqual(verdict);
  });
});

describe('a file', () => {
  const strict = { hasScanner: true, passesTooLarge: false };

  it('is held until it is found clean', () => {
    expect(obstacleOf('clean', strict)).toBeUndefined();
    for (const scan of ['pending', 'error', 'too_large'] as const) {
      expect(obstacleOf(scan, strict)).toBe('file.held');
    }
  });

  it('that is too large for the scanner passes where the policy says so', () => {
    const lenient = { ...strict, passesTooLarge: true };
    expect(obstacleOf('too_large', lenient)).toBeUndefined();
    expect(obstacleOf('error', lenient)).toBe('file.held');
  });

  it('that was found infected stays away from everybody, also when the scanner is given up', () => {
    const without = { hasScanner: false, passesTooLarge: false };
    expect(obstacleOf('infected', without)).toBe('file.infected');
    expect(obstacleOf('pending', without)).toBeUndefined();
    expect(shownScan('pending', without)).toBe('unscanned');
    expect(shownScan('infected', without)).toBe('infected');
  });
});

it('looks again later and later after errors, at the latest after a day', () => {
  expect(nextAttempt(0, 0).getTime()).toBe(60_000);
  expect(nextAttempt(3, 0).getTime()).toBe(8 * 60_000);
  expect(nextAttempt(1000, 0).getTime()).toBe(86_400_000);
});
