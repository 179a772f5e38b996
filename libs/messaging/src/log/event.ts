import type { ConversationEvent, ConversationKind, EventType, MemberRole, SentBody } from '#contracts';
import { AppError } from '#platform';

/** An event as it lies in the log, without what people wrote. Times are milliseconds since 1970. */
export interface EventRecord {
  conversationId: string;
  seq: number;
  at: number;
  pos: number;
  id: string;
  type: EventType;
  actorId: string | null;
  actorKind: 'person' | 'bot' | 'system';
  clientId: string | null;
  messageId: string | null;
  contentBucket: string | null;
  /** The further fields of the event, as on the wire. */
  meta: Record<string, unknown>;
}

/** What a message says now, or why it says nothing. */
export type MessageContent = { body: SentBody } | { state: 'recalled' | 'removed' | 'expired' };

/** An event of a message carries its content; others carry none. */
export interface LogEntry extends EventRecord {
  content?: MessageContent;
  /** Kind of the conversation, where the reader needs it. */
  kind?: ConversationKind;
}

/** The event as clients see it. */
export function toWire(entry: LogEntry): ConversationEvent {
  const { id, seq, type, at, actorId, actorKind, messageId, clientId, meta, content } = entry;
  const base = { id, seq, type, at: new Date(at).toISOString(), actorId, actorKind };
  const message = type === 'message.created' ? { messageId, clientId, ...content } : {};
  // The log was written from the same contract that types it here.
  return { ...base, ...message, ...meta } as ConversationEvent;
}

/** What somebody wrote, ready to be stored. */
export interface SealedContent {
  messageId: string;
  version: number;
  bucket: string;
  ownerId: string;
  salt: Buffer;
  sealed: Buffer;
  commitment: Buffer;
}

export interface StoredContent {
  messageId: string;
  version: number;
  bucket: string;
  ownerId: string;
  sealed: Buffer;
}

/** A conversation whose row this transaction has locked. */
export interface LockedConversation {
  id: string;
  kind: ConversationKind;
  name: string | null;
  headSeq: number;
  /** Milliseconds; 0 before the first event. */
  lastAt: number;
  memberCount: number;
  dissolved: boolean;
}

/** What a transaction finds out about one act, after it holds the locks. */
export interface Standing {
  role: MemberRole | null;
  joinedSeq: number | null;
  /** What the client's id was used for before. */
  known: {
    requestMac: Buffer;
    conversationId: string;
    seq: number;
    messageId: string | null;
    at: number;
  } | null;
}

export interface NewEvent {
  conversationId: string;
  id: string;
  type: EventType;
  actorId: string | null;
  actorKind: EventRecord['actorKind'];
  meta: Record<string, unknown>;
  messageId?: string;
  content?: SealedContent;
  /** People the message mentions; those who are no members are passed over. */
  mentions?: string[];
  /** Makes the act repeatable. */
  key?: { clientId: string; requestMac: Buffer };
}

/** A clock that went back by more than this makes times stand still instead: readers by position rely on it. */
export const clockSlackMs = 86_400_000;

/** The part of a known repeat every act answers alike. Throws `client_id_reused` for another request. */
export function requireSameRequest(known: NonNullable<Standing['known']>, requestMac: Buffer): void {
  if (!known.requestMac.equals(requestMac)) throw new AppError('client_id_reused');
}
