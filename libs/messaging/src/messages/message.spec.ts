import { describe, expect, it } from '@jest/globals';
import { limits } from '#contracts';
import { completeBody, mentionsOf, requireSendable } from './message.js';

const text = (value: string) => ({ type: 'text' as const, text: value });

describe('a message', () => {
  it('may be as long as the limit in bytes, whatever the script', () => {
    expect(() => requireSendable(text('a'.repeat(limits.textBytes)))).not.toThrow();
    expect(() => requireSendable(text('文'.repeat(Math.floor(limits.textBytes / 3))))).not.toThrow();
  });

  it('is refused one byte beyond the limit, with the numbers', () => {
    const refusal = { code: 'message.too_long', details: { bytes: 16_385, maxBytes: 16_384 } };
    expect(() => requireSendable(text('a'.repeat(16_385)))).toThrow(expect.objectContaining(refusal));
  });

  it('is refused when it says nothing', () => {
    expect(() => requireSendable(text(' \n\t'))).toThrow(expect.objectContaining({ code: 'message.empty' }));
  });

  it('may hold NUL and lone surrogates', () => {
    expect(() => requireSendable(text('a\0b\ud800'))).not.toThrow();
  });

  it('bounds the caption of a file like a text, and needs none', () => {
    const file = { type: 'file' as const, fileId: '00000000-0000-7000-8000-000000000001' };
    expect(() => requireSendable(file)).not.toThrow();
    const long = { ...file, caption: '文'.repeat(5462) };
    expect(() => requireSendable(long)).toThrow(expect.objectContaining({ code: 'message.too_long' }));
  });

  it('of a file carries what the server knows of it, or is refused', () => {
    const body = { type: 'file' as const, fileId: '00000000-0000-7000-8000-000000000001' };
    const info = { name: 'a.png', size: 3, mediaType: 'image/png' };
    expect(completeBody(body, info)).toEqual({ ...body, file: info });
    expect(() => completeBody(body, undefined)).toThrow(expect.objectContaining({ code: 'file.not_found' }));
  });

  it('mentions each person once', () => {
    expect(mentionsOf({ ...text('@a @a'), mentions: ['a', 'a', 'b'] })).toEqual(['a', 'b']);
  });
});
