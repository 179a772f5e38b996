import type { ConversationEvent, ConversationKind, EventType, SentBody } from '#contracts';

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
