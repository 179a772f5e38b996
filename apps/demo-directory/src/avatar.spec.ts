import { inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { avatarOf } from './avatar.js';

describe('an avatar', () => {
  it('is a small PNG of 128 by 128 pixels', () => {
    const avatar = avatarOf(1, 7);
    expect(avatar.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([avatar.readUInt32BE(16), avatar.readUInt32BE(20)]).toEqual([128, 128]);
    expect(avatar.length).toBeLessThan(1000);
    const data = avatar.indexOf('IDAT');
    const pixels = inflateSync(avatar.subarray(data + 4, data + 4 + avatar.readUInt32BE(data - 4)));
    expect(pixels).toHaveLength(128 * 33);
  });

  it('is always the same for the same person and differs between people', () => {
    expect(avatarOf(1, 7).equals(avatarOf(1, 7))).toBe(true);
    const faces = new Set(Array.from({ length: 300 }, (_, index) => avatarOf(1, index).toString('base64')));
    expect(faces.size).toBeGreaterThan(290);
  });
});
