import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { ConversationEvent, ConversationKind } from './events.js';
import { Id, PathId } from './ids.js';
import { limits } from './limits.js';

/**
 * What a device remembers: everything of its person's up to here was sent to it. Opaque, at most 512 characters,
 * good on every node and for ever.
 */
export const Position = z.string().min(1).max(512).describe('Opaque; what the device has stored up to');

export const SyncRequest = z.object({
  since: Position.optional().describe('Last stored position; absent on a new device'),
  limit: z
    .number()
    .int()
    .min(1)
    .max(limits.syncConversations)
    .default(50)
    .describe('Conversations of the answer'),
  window: z
    .number()
    .int()
    .min(1)
    .max(limits.events)
    .optional()
    .describe(
      'Of a conversation new to the device only the newest so many events; without it all from floorSeq',
    ),
});
export type SyncRequest = z.infer<typeof SyncRequest>;

export const SyncedConversation = z
  .object({
    id: Id.describe('Conversation id'),
    kind: ConversationKind,
    floorSeq: z.number().int().describe('What lies at or below does not exist for the caller'),
    headSeq: z.number().int().describe('Last seq the caller may see'),
    prevSeq: z.number().int().describe('seq before the first event'),
    events: z.array(ConversationEvent).describe('Ascending, without a hole'),
    more: z.boolean().describe('Go on with events.pull after the last event'),
  })
  .meta({ id: 'SyncedConversation', description: 'What changed in one conversation' });
export type SyncedConversation = z.infer<typeof SyncedConversation>;

export const SyncAnswer = z
  .object({
    conversations: z
      .array(SyncedConversation)
      .describe('Those that changed since, new and left ones included; the account log first'),
    position: Position.describe('Store it once everything of this answer is stored, then go on from it'),
    more: z.boolean().describe('Call sync again with the position'),
  })
  .meta({ id: 'SyncAnswer', description: 'A bounded page of what a device has missed' });
export type SyncAnswer = z.infer<typeof SyncAnswer>;

export const PullRequest = z.object({
  conversationId: Id.describe('Conversation id'),
  after: z.number().int().min(0).describe('Events with a greater seq'),
  limit: z.number().int().min(1).max(limits.events).default(limits.events).describe('Events wanted'),
});
export type PullRequest = z.infer<typeof PullRequest>;

export const DigestRequest = z.object({
  conversationId: Id.describe('Conversation id'),
  fromSeq: z.number().int().min(1).describe('First seq'),
  toSeq: z.number().int().min(1).describe('Last seq, at most 100,000 above the first'),
});

export const DigestAnswer = z
  .object({
    digest: z
      .string()
      .describe('Base64 of SHA-256 over seq (8 bytes, big-endian) and event id (16 bytes) of each event'),
    count: z.number().int().describe('Events in the range'),
  })
  .meta({ id: 'DigestAnswer', description: 'Proof that two sides hold the same stretch of a log' });

export const PolledSync = SyncAnswer.extend({
  epoch: z.string().describe('Changes when the log was restored to an earlier point'),
  reset: z
    .boolean()
    .describe(
      'True: since belongs to another epoch and nothing was compared with it. Drop what lies above each head, sync without since, offer acknowledged messages again',
    ),
}).meta({ id: 'PolledSync', description: 'A bounded page of what a device has missed, and the epoch' });
export type PolledSync = z.infer<typeof PolledSync>;

const whole = z.coerce.number().int();

export const syncApi = {
  sync: endpoint({
    id: 'sync',
    area: 'messaging',
    method: 'GET',
    path: '/sync',
    summary: 'What changed since a position; for networks that let no WebSocket pass',
    callers: ['employee', 'bot'],
    scope: 'messages:read',
    query: z.object({
      since: Position.optional().describe('Last stored position; absent on a new device'),
      limit: whole
        .min(1)
        .max(limits.syncConversations)
        .default(50)
        .describe(`Conversations of the answer, at most ${limits.syncConversations}`),
      window: whole
        .min(1)
        .max(limits.events)
        .optional()
        .describe('Of a conversation new to the device only the newest so many events'),
      wait: whole
        .min(0)
        .max(limits.syncWaitSeconds)
        .default(0)
        .describe(
          `Seconds, at most ${limits.syncWaitSeconds}, to wait for news where there is none. One request of a session waits: a second one answers the first with its own position, as does a process that stops`,
        ),
    }),
    answers: { 200: PolledSync },
    errors: ['sync.position_invalid', 'auth.session_ended', 'overloaded'],
  }),
  digest: endpoint({
    id: 'digest',
    area: 'messaging',
    method: 'GET',
    path: '/conversations/:conversationId/digest',
    summary: 'Digest of a stretch of a log, to compare with what a device holds',
    callers: ['employee', 'bot'],
    scope: 'messages:read',
    params: z.object({ conversationId: PathId.describe('Conversation id') }),
    query: z.object({
      fromSeq: whole.min(1).describe('First seq'),
      toSeq: whole.min(1).describe('Last seq, at most 100,000 above the first'),
    }),
    answers: { 200: DigestAnswer },
    errors: ['conversation.not_a_member'],
  }),
};
