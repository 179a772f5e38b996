import { describe, expect, it } from '@jest/globals';
import { Frame } from './frame.js';

const named = (length: number) =>
  Frame.of('session.ended', { reason: 'x'.repeat(length) as 'expired' }).options.wsPreEncodedFrame[0]!;

/** Bytes of `42["session.ended",{"reason":""}]`. */
const envelope = 33;

describe('a frame', () => {
  it.each([
    { bytes: 125, header: [0x81, 125] },
    { bytes: 126, header: [0x81, 126, 0, 126] },
    { bytes: 65_535, header: [0x81, 126, 255, 255] },
    { bytes: 65_536, header: [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0] },
  ])('of $bytes bytes says its length as RFC 6455 has it', ({ bytes, header }) => {
    const frame = named(bytes - envelope);
    expect([...frame.subarray(0, header.length)]).toEqual(header);
    expect(frame.length).toBe(header.length + bytes);
  });

  it('counts bytes, not characters', () => {
    const frame = Frame.of('session.ended', { reason: '结束' as 'expired' }).options.wsPreEncodedFrame[0]!;
    expect(frame[1]).toBe(frame.length - 2);
    expect(frame.subarray(2).toString('utf8')).toBe('42["session.ended",{"reason":"结束"}]');
  });
});
