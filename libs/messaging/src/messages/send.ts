import { idBytes, newId, type FileInfo, type SendRequest } from '#contracts';
import { AppError } from '#platform';
import type { SealedContent } from '../log/event.js';
import { requireSameRequest, type LockedConversation, type NewEvent, type Standing } from '../log/event.js';
import type { EventRecord, LogEntry } from '../log/event.js';
import { requireMaySend } from '../policy.js';
import { mentionsOf } from './message.js';

/** Somebody wants to say something. */
export interface Send {
  senderId: string;
  senderKind: 'person' | 'bot';
  conversationId: string;
  request: SendRequest;
  /** Keyed digest of the request as it was sent: tells a repeat from another request under the same id. */
  requestMac: Buffer;
}

/** A send with everything that can be prepared before the locks are taken. */
export interface PreparedSend extends Send {
  messageId: string;
  content: SealedContent;
  body: NonNullable<Extract<LogEntry['content'], { body: unknown }>>['body'];
  file?: FileInfo;
  /** seq of the message that is answered; undefined where there is none in this conversation. */
  repliedSeq?: number;
}

/** Where a message stands, and whether it stood there before. */
export interface Sent {
  conversationId: string;
  messageId: string;
  seq: number;
  at: number;
  isRepeat: boolean;
}

/** The message id carries the time, so that a message is found by its id alone within a bounded time. */
export const newMessageId = newId;

/** Milliseconds since 1970 in the first 48 bits of a UUIDv7. */
export function timeOfId(id: string): number {
  const bytes = idBytes(id);
  return Buffer.from(bytes.buffer, bytes.byteOffset, 6).readUIntBE(0, 6);
}

/** What a repeat is answered with. Throws `client_id_reused` when the id was used for something else. */
export function repeatOf(known: NonNullable<Standing['known']>, send: Send): Sent {
  requireSameRequest(known, send.requestMac);
  if (known.messageId === null) throw new AppError('client_id_reused');
  const { conversationId, messageId, seq, at } = known;
  return { conversationId, messageId, seq, at, isRepeat: true };
}

/** The event of a send that may happen. Throws the refusal of one that may not. */
export function decide(
  send: PreparedSend,
  conversation: LockedConversation | undefined,
  standing: Standing,
): NewEvent {
  requireMaySend(conversation, standing);
  const { request } = send;
  if (request.replyTo !== undefined) {
    const isVisible = send.repliedSeq !== undefined && send.repliedSeq >= (standing.joinedSeq ?? Infinity);
    if (!isVisible) throw new AppError('message.not_found');
  }
  return {
    conversationId: send.conversationId,
    id: send.messageId,
    type: 'message.created',
    actorId: send.senderId,
    actorKind: send.senderKind,
    meta: request.replyTo === undefined ? {} : { replyTo: request.replyTo },
    messageId: send.messageId,
    content: send.content,
    mentions: mentionsOf(request.body),
    key: { clientId: request.clientId, requestMac: send.requestMac },
  };
}

export const sentAs = (record: EventRecord): Sent => ({
  conversationId: record.conversationId,
  messageId: record.messageId!,
  seq: record.seq,
  at: record.at,
  isRepeat: false,
});
