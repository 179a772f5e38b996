import { limits, type FileInfo, type MessageBody, type SentBody } from '#contracts';
import { AppError } from '#platform';

/** The rules every message obeys, whoever sends it. Throws `message.too_long` or `message.empty`. */
export function requireSendable(body: MessageBody): void {
  const text = body.type === 'text' ? body.text : (body.caption ?? '');
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes > limits.textBytes) {
    throw new AppError('message.too_long', { details: { bytes, maxBytes: limits.textBytes } });
  }
  if (body.type === 'text' && text.trim() === '') throw new AppError('message.empty');
}

/**
 * The body as it is stored: what the server knows of a file is added. Throws `file.not_ready` for null, a file whose
 * upload is not finished, and `file.not_found` without one.
 */
export function completeBody(body: MessageBody, file: FileInfo | null | undefined): SentBody {
  if (body.type === 'text') return body;
  if (file === null) throw new AppError('file.not_ready');
  if (!file) throw new AppError('file.not_found');
  return { ...body, file };
}

export const mentionsOf = (body: MessageBody): string[] =>
  body.type === 'text' ? [...new Set(body.mentions)] : [];
