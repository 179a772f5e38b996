import { z } from 'zod';
import { ConversationEvent } from './events.js';
import { Id, Time } from './ids.js';
import { limits } from './limits.js';
import { Ack, EventPage, SendRequest } from './messages.js';
import { DigestAnswer, DigestRequest, Position, PullRequest, SyncAnswer, SyncRequest } from './sync.js';

/** Version of the socket protocol; a server understands this one and the one before. */
export const protocolVersion = 1;

export const Handshake = z.object({
  token: z
    .string()
    .min(1)
    .max(4096)
    .describe('Access token; checked once, the connection lives as long as the session'),
  deviceId: z.string().max(64).optional().describe('Kept by the client across sessions'),
  client: z
    .object({
      name: z.string().max(64).describe('Name of the client program'),
      version: z.string().max(32).describe('Its version'),
      protocol: z.number().int().describe('Version of this protocol'),
    })
    .optional()
    .describe('Who is calling'),
});

export const PresenceState = z
  .enum(['online', 'offline'])
  .describe('Somebody is online while any device is connected');
export type PresenceState = z.infer<typeof PresenceState>;

const presence = z
  .object({ personId: Id.describe('Who'), state: PresenceState })
  .meta({ id: 'Presence', description: 'Presence of a person' });

interface ClientEvent {
  summary: string;
  data: z.ZodType;
  /** What `{ok: true, data}` carries; null for events without an acknowledgement. */
  answer: z.ZodType | null;
}

/** Client → server. Each but `typing` is acknowledged with `{ok: true, data}` or `{ok: false, error}`. */
export const clientEvents = {
  'message.send': {
    summary: 'Send a message; acknowledged after the commit',
    data: SendRequest.extend({ conversationId: Id.describe('Where') }),
    answer: Ack,
  },
  sync: {
    summary: 'What changed since a position; the last page makes the connection live',
    data: SyncRequest,
    answer: SyncAnswer,
  },
  'events.pull': { summary: 'A stretch of a log', data: PullRequest, answer: EventPage },
  'events.digest': { summary: 'Digest of a stretch of a log', data: DigestRequest, answer: DigestAnswer },
  'position.stored': {
    summary: 'What the device has stored, at most every 5 s',
    data: z.object({ position: Position }),
    answer: z.object({}).describe('Nothing'),
  },
  'read.mark': {
    summary: 'Mark as read up to a seq; going back changes nothing',
    data: z.object({
      conversationId: Id.describe('Conversation id'),
      seq: z.number().int().min(0).describe('Read up to here'),
    }),
    answer: z.object({}).describe('Nothing: the mark is stored'),
  },
  'presence.watch': {
    summary: 'Whose presence this connection wants to know; replaces what was watched',
    data: z.object({
      personIds: z
        .array(Id)
        .max(limits.watchedPeople)
        .describe(`Person ids, at most ${limits.watchedPeople}`),
    }),
    answer: z.object({ items: z.array(presence).describe('Presence now') }),
  },
  typing: {
    summary: `I am typing; volatile, in conversations of at most ${limits.smallConversation}`,
    data: z.object({ conversationId: Id.describe('Where') }),
    answer: null,
  },
} as const satisfies Record<string, ClientEvent>;

export type ClientEventName = keyof typeof clientEvents;
export type ClientEventData<N extends ClientEventName> = z.input<(typeof clientEvents)[N]['data']>;
export type ClientEventInput<N extends ClientEventName> = z.output<(typeof clientEvents)[N]['data']>;
export type ClientEventAnswer<N extends ClientEventName> =
  (typeof clientEvents)[N]['answer'] extends z.ZodType
    ? z.output<NonNullable<(typeof clientEvents)[N]['answer']>>
    : undefined;

/** Server → client. */
export const serverEvents = {
  'session.ready': {
    summary: 'The connection may be used',
    data: z.object({
      epoch: z.string().describe('Changes when the log was restored to an earlier point'),
      serverTime: Time,
      protocol: z.number().int().describe('Version of this protocol'),
    }),
  },
  events: {
    summary: 'New events of one conversation; applied only if prevSeq is the cursor of the client',
    data: z.object({
      conversationId: Id.describe('Conversation id'),
      prevSeq: z.number().int().describe('seq before the first event'),
      events: z.array(ConversationEvent).describe('Ascending, without a hole'),
      position: Position.optional().describe('Everything up to here was sent on this connection'),
    }),
  },
  'conversation.changed': {
    summary: 'There is news, but this connection is slow: pull it',
    data: z.object({
      conversationId: Id.describe('Conversation id'),
      headSeq: z.number().int().describe('Last seq'),
    }),
  },
  'sync.reset': {
    summary: 'The log was restored: drop what lies above each head, sync, offer acknowledged messages again',
    data: z.object({ epoch: z.string().describe('The new epoch') }),
  },
  'read.changed': {
    summary: 'Somebody read further: to their own devices, and to the members of small conversations',
    data: z.object({
      conversationId: Id.describe('Conversation id'),
      personId: Id.describe('Who read'),
      seq: z.number().int().describe('Read up to here'),
    }),
  },
  'presence.changed': { summary: 'A watched person came or went', data: presence },
  typing: {
    summary: 'Somebody is typing; forget it after five seconds',
    data: z.object({ conversationId: Id.describe('Where'), personId: Id.describe('Who') }),
  },
  'session.ended': {
    summary: 'The session was ended; the connection closes',
    data: z.object({
      reason: z.string().describe('signed_out, disabled, blocked, revoked, replaced or expired'),
    }),
  },
} as const;

export type ServerEventName = keyof typeof serverEvents;
export type ServerEventData<N extends ServerEventName> = z.output<(typeof serverEvents)[N]['data']>;

/** Every acknowledgement has one of these two forms. */
export type SocketAck<T> =
  { ok: true; data: T } | { ok: false; error: import('./errors.js').ErrorAnswer['error'] };
