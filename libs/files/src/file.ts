import type { FileInfo } from '#contracts';
import type { FileRow } from './file.entity.js';

/** Plain bytes of a part of an upload. A multiple of the sealed chunk, and more than S3's least part of 5 MiB. */
export const partBytes = 8 * 1024 * 1024;

const nameBytes = 255;

/**
 * The name a file is kept under: without folders, control characters and what no other system can store, and not
 * longer than file systems allow, with its ending kept.
 */
export function cleanName(given: string): string {
  const last = given.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const name = [...last]
    .filter((character) => !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(character))
    .join('')
    .trim();
  if (name === '' || /^\.+$/.test(name)) return 'file';
  return shorten(name);
}

function shorten(name: string): string {
  if (Buffer.byteLength(name) <= nameBytes) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : '';
  const stem = [...name.slice(0, name.length - ending.length)];
  while (Buffer.byteLength(stem.join('') + ending) > nameBytes) stem.pop();
  return stem.join('') + ending;
}

/** Types a browser may show in the page. Everything else, markup and SVG above all, is only ever downloaded. */
const shown = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'video/mp4',
  'video/webm',
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'audio/wav',
  'application/pdf',
]);

export const mayBeShown = (mediaType: string): boolean => shown.has(mediaType);

export const infoOf = (
  file: Pick<FileRow, 'name' | 'size' | 'mediaType' | 'width' | 'height'>,
): FileInfo => ({
  name: file.name,
  size: file.size,
  mediaType: file.mediaType ?? 'application/octet-stream',
  ...(file.width !== null && { width: file.width }),
  ...(file.height !== null && { height: file.height }),
});

export interface ByteRange {
  first: number;
  last: number;
}

/**
 * One range of RFC 9110 §14. Undefined when the whole is to be sent (no header, several ranges, another unit);
 * 'unsatisfiable' when there are no such bytes.
 */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, from = '', to = ''] = match;
  const range =
    from === ''
      ? { first: Math.max(0, size - Number(to)), last: size - 1 }
      : { first: Number(from), last: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
  return range.first > range.last || range.first >= size ? 'unsatisfiable' : range;
}
