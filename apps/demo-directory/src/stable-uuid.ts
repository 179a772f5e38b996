import { hash } from 'node:crypto';

/** The same for the same seed and name on every machine and at every start: version 5, with the seed as name space. */
export function stableUuid(seed: number, name: string): string {
  const bytes = hash('sha1', `${seed}/${name}`, 'buffer');
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
