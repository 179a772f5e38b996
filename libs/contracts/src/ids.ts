import { z } from 'zod';

/** The id that belongs to nothing; an id of impossible form is read as this one and so is simply not found. */
export const NIL_ID = '00000000-0000-0000-0000-000000000000';

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isUuid = (text: string): boolean => uuidForm.test(text);

/** A UUID in a body or an event, in lower case. Ours are version 7 (RFC 9562 §5.7). */
export const Id = z.guid().toLowerCase();

/** A UUID in a path: anything that cannot be one names nothing, so the answer is "not found", not "malformed". */
export const PathId = z
  .string()
  .transform((text) => text.toLowerCase())
  .transform((text) => (isUuid(text) ? text : NIL_ID));

/** Chosen by the client for one act, so that repeating the act changes nothing: 1 to 64 printable ASCII characters. */
export const ClientId = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/)
  .describe(
    'Chosen by the client, once for each act; a repeat with the same id is answered with the first outcome',
  );

export const Time = z.iso.datetime({ precision: 3 }).describe('RFC 3339 time in UTC with milliseconds');

let lastMillisecond = 0;
let counter = 0;

/**
 * A new UUIDv7 (RFC 9562 §6.2, method 1): 48 bits of Unix time in milliseconds, a 12-bit counter, 62 random bits.
 * Ids made by one process ascend. Needs only `crypto.getRandomValues`, which browsers grant on plain http too.
 */
export function newId(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  if (now > lastMillisecond) {
    lastMillisecond = now;
    counter = ((bytes[6]! & 0x07) << 8) | bytes[7]!;
  } else if (++counter > 0xfff) {
    lastMillisecond += 1;
    counter = 0;
  }
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(lastMillisecond / 2 ** 32));
  view.setUint32(2, lastMillisecond % 2 ** 32);
  view.setUint16(6, 0x7000 | counter);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return formatId(bytes);
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** 16 bytes → the usual text form. */
export function formatId(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < 16; i += 1) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += hex[bytes[i]!];
  }
  return text;
}

/** The usual text form → 16 bytes. */
export function idBytes(id: string): Uint8Array {
  const bytes = new Uint8Array(16);
  let at = 0;
  for (let i = 0; i < 16; i += 1) {
    if (id.charCodeAt(at) === hyphen) at += 1;
    bytes[i] = (digit(id.charCodeAt(at)) << 4) | digit(id.charCodeAt(at + 1));
    at += 2;
  }
  return bytes;
}

const hyphen = 0x2d;

/** Of `0-9a-f`. */
const digit = (code: number): number => (code < 0x3a ? code - 0x30 : code - 0x57);
