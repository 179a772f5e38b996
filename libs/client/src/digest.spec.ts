import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { idBytes, newId } from '#contracts';
import { digestOf, sha256 } from './digest.js';

describe('the digest', () => {
  it('is SHA-256 for every length around the edges of its blocks', () => {
    for (const length of [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 12_000]) {
      const message = randomBytes(length);
      expect(Buffer.from(sha256(message))).toEqual(createHash('sha256').update(message).digest());
    }
  });

  it('covers seq and id of each event in order', () => {
    const events = [
      { seq: 7, id: newId() },
      { seq: 2 ** 40 + 3, id: newId() },
    ];
    const hash = createHash('sha256');
    for (const { seq, id } of events) {
      const place = Buffer.alloc(8);
      place.writeBigUInt64BE(BigInt(seq));
      hash.update(place).update(idBytes(id));
    }
    expect(digestOf(events)).toBe(hash.digest('base64'));
  });
});
