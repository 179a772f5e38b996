import type { Response } from 'express';
import type { FileRow } from './file.entity.js';
import { mayBeShown } from './file.js';

export const etagOf = (file: FileRow): string => `"${file.sha256?.toString('hex')}"`;

/** Whether the page may show the content; else it is only ever saved. */
export const isShownInline = (file: FileRow, isDownload: boolean): boolean =>
  !isDownload && mayBeShown(file.mediaType ?? '');

/** Whether a validator header names this content. Weak ones name it too: the bytes are the same. */
export const names = (header: string | undefined, file: FileRow): boolean =>
  header !== undefined &&
  header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etagOf(file) || tag.trim() === '*');

export function setContentHeaders(response: Response, file: FileRow, isDownload: boolean): void {
  const type = file.mediaType ?? 'application/octet-stream';
  setShownHeaders(response, {
    type: type === 'text/plain' ? 'text/plain; charset=utf-8' : type,
    etag: etagOf(file),
  });
  response.setHeader('Content-Disposition', dispositionOf(file, isDownload));
  response.setHeader('Accept-Ranges', 'bytes');
}

/** A page may show it, and nothing in it runs. */
export function setShownHeaders(response: Response, { type, etag }: { type: string; etag: string }): void {
  response.setHeader('Content-Type', type);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('ETag', etag);
  response.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  // Kept by the reader, but asked for at every use: rights are today's.
  response.setHeader('Cache-Control', 'private, no-cache');
}

/** RFC 6266 with RFC 8187: the plain form for the oldest readers, the other for every name. */
function dispositionOf(file: FileRow, isDownload: boolean): string {
  const ascii = file.name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(file.name).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  const form = isShownInline(file, isDownload) ? 'inline' : 'attachment';
  return `${form}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
