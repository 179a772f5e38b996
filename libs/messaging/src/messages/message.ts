import { limits, type MessageBody, type SentBody } from '#contracts';
import type { Sendable } from '#files';
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

/** The body as it is stored: what the server knows of a file is added. Throws why a file cannot be sent. */
export function completeBody(body: MessageBody, file: Sendable | undefined): SentBody {
  if (body.type === 'text') return body;
  if (!file) throw new AppError('file.not_found');
  if (file instanceof AppError) throw file;
  return { ...body, file };
}

export const mentionsOf = (body: MessageBody): string[] =>
  body.type === 'text' ? [...new Set(body.mentions)] : [];
