import { createHash } from 'node:crypto';
import type { ConversationEvent } from '#contracts';

/** What clients were told, and what they did with it: all that the checker knows. */
export interface History {
  devices: DeviceRecord[];
  /** In the end, by a fresh device of each member. */
  logs: ReadLog[];
}

export interface DeviceRecord {
  name: string;
  personId: string;
  /** sdk: applies what it gets. raw: only listens, and sends each message several times over. */
  kind: 'sdk' | 'raw';
  /** In the order of writing. */
  sends: SendRecord[];
  answers: AnswerRecord[];
  tape: Entry[];
  /** sdk: what it kept, in the end. */
  timelines: Timeline[];
}

export interface SendRecord {
  clientId: string;
  conversationId: string;
  text: string;
  /** Milliseconds of the run. */
  at: number;
  /** The device promised to send it until it is answered. */
  isKept: boolean;
}

export type AnswerRecord =
  | { clientId: string; ack: { conversationId: string; messageId: string; seq: number }; via: string }
  | { clientId: string; refusal: string; isLasting: boolean; via: string };

/** An event as it was seen: where, which, and a digest of everything it says. */
export interface Seen {
  seq: number;
  id: string;
  print: string;
}

/** Stretch of a conversation in an answer of `sync`. */
export interface SyncedStretch {
  conversationId: string;
  floorSeq: number;
  headSeq: number;
  prevSeq: number;
  events: Seen[];
}

/** In the order in which it happened at one device. */
export type Entry =
  /** The program of the device starts, and shows what is kept. */
  | { what: 'opened' }
  /** A connection begins; what follows came over it. */
  | { what: 'connecting' }
  /** It may be used; it may also be another one than the one before. */
  | { what: 'ready' }
  | {
      what: 'push';
      conversationId: string;
      prevSeq: number;
      events: Seen[];
      position?: string;
      /** Came as the answer of a request, which may tell more than its position says, and then that again. */
      isPolled: boolean;
    }
  | { what: 'changed'; conversationId: string; headSeq: number }
  | { what: 'synced'; conversations: SyncedStretch[]; position: string }
  | { what: 'pulled'; conversationId: string; events: Seen[]; floorSeq: number; headSeq: number }
  /** The connection is over. */
  | { what: 'closed' }
  /** Told to the person. */
  | { what: 'applied'; conversationId: string; events: Seen[] }
  /** What was told of a conversation is told anew. */
  | { what: 'reset'; conversationId: string }
  /** Stored by the device: everything of this conversation up to here. */
  | { what: 'kept'; conversationId: string; cursor: number }
  /** Stored by the device: everything up to this position. */
  | { what: 'position'; position: string };

export interface Timeline {
  conversationId: string;
  start: number;
  cursor: number;
  events: Seen[];
}

export interface ReadLog {
  personId: string;
  conversationId: string;
  floorSeq: number;
  headSeq: number;
  events: ConversationEvent[];
}

export function seen(event: ConversationEvent): Seen {
  return { seq: event.seq, id: event.id, print: printOf(event) };
}

const printOf = (value: unknown): string =>
  createHash('sha1').update(JSON.stringify(value, inOrder)).digest('base64').slice(0, 16);

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
