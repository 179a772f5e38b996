import type { ErrorCode, StoredFile } from '#contracts';

export type ScanState = 'pending' | 'clean' | 'infected' | 'error' | 'too_large';

/** What a scanner says of one content. */
export type Verdict =
  | { scan: 'clean' }
  | { scan: 'infected'; finding: string }
  | { scan: 'too_large' }
  | { scan: 'error'; reason: string };

export interface ScanPolicy {
  hasScanner: boolean;
  passesTooLarge: boolean;
}

/** Why nobody gets the content of a file; undefined where nothing is against it. */
export function obstacleOf(scan: ScanState, policy: ScanPolicy): ErrorCode | undefined {
  if (scan === 'infected') return 'file.infected';
  if (!policy.hasScanner || scan === 'clean') return undefined;
  if (scan === 'too_large' && policy.passesTooLarge) return undefined;
  return 'file.held';
}

/** The state as people see it. */
export const shownScan = (scan: ScanState, { hasScanner }: ScanPolicy): StoredFile['scan'] =>
  hasScanner || scan === 'infected' ? scan : 'unscanned';

const minute = 60_000;

/** When to look again after so many errors in a row: after a minute, then twice as long each time, at most a day. */
export const nextAttempt = (attempts: number, now: number): Date =>
  new Date(now + Math.min(2 ** Math.min(attempts, 20) * minute, 1440 * minute));

/** A scanner's answer to a stream, such as `stream: Eicar-Test-Signature FOUND`. */
export function verdictOf(answer: string): Verdict {
  const text = answer.replaceAll('\0', '').trim();
  if (text === 'stream: OK') return { scan: 'clean' };
  const finding = /^stream: (.+) FOUND$/.exec(text)?.[1];
  if (finding) return { scan: 'infected', finding };
  if (/size limit exceeded/i.test(text)) return { scan: 'too_large' };
  return { scan: 'error', reason: text.slice(0, 200) };
}
