import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { ConversationEvent, MessageBody, MessageCreated } from './events.js';
import { ClientId, Id, PathId, Time } from './ids.js';
import { limits } from './limits.js';

export const SendRequest = z.object({
  clientId: ClientId,
  body: MessageBody.describe('What to say'),
  replyTo: Id.optional().describe('Message of the same conversation that this one answers'),
});
export type SendRequest = z.infer<typeof SendRequest>;

export const Ack = z
  .object({
    conversationId: Id.describe('Conversation id'),
    messageId: Id.describe('Message id'),
    seq: z.number().int().describe('Place in the conversation'),
    committedAt: Time.describe('`at` of the event; the message is stored durably'),
  })
  .meta({ id: 'Ack', description: 'The message is stored durably, at this place' });
export type Ack = z.infer<typeof Ack>;

export const EventPage = z
  .object({
    events: z.array(ConversationEvent).describe('Ascending, without a hole'),
    floorSeq: z.number().int().describe('What lies at or below does not exist for the caller'),
    headSeq: z.number().int().describe('Last seq the caller may see'),
    more: z.boolean().describe('There are more in the asked direction'),
  })
  .meta({ id: 'EventPage', description: 'A stretch of a log' });
export type EventPage = z.infer<typeof EventPage>;

export const MessagePage = z
  .object({
    items: z.array(MessageCreated).describe('Messages as they are now, ascending'),
    asOfSeq: z.number().int().describe('Events after this seq apply on top'),
    floorSeq: z.number().int().describe('What lies at or below does not exist for the caller'),
    moreBefore: z.boolean().describe('There are older messages'),
    moreAfter: z.boolean().describe('There are newer messages'),
  })
  .meta({ id: 'MessagePage', description: 'Messages for a screen' });
export type MessagePage = z.infer<typeof MessagePage>;

const params = z.object({ conversationId: PathId.describe('Conversation id') });
const seq = z.coerce.number().int().min(0);

export const messagesApi = {
  sendMessage: endpoint({
    id: 'sendMessage',
    area: 'messaging',
    method: 'POST',
    path: '/conversations/:conversationId/messages',
    summary: 'Send a message; the answer comes after the commit, a repeat gets the first answer',
    callers: ['employee', 'bot'],
    scope: 'messages:send',
    limit: 'own',
    params,
    body: SendRequest,
    answers: { 201: Ack, 200: Ack },
    errors: [
      'conversation.not_a_member',
      'conversation.dissolved',
      'message.too_long',
      'message.empty',
      'message.not_found',
      'file.not_found',
      'file.not_ready',
      'file.infected',
      'file.quota_exceeded',
      'client_id_reused',
      'rate.limited',
      'overloaded',
    ],
  }),
  events: endpoint({
    id: 'events',
    area: 'messaging',
    method: 'GET',
    path: '/conversations/:conversationId/events',
    summary: 'The log of a conversation after or before a seq',
    callers: ['employee', 'bot'],
    scope: 'messages:read',
    params,
    query: z.object({
      after: seq.optional().describe('Events with a greater seq; default 0'),
      before: seq.optional().describe('Instead of after: the events directly below this seq'),
      limit: z.coerce
        .number()
        .int()
        .min(1)
        .max(limits.events)
        .default(limits.events)
        .describe(`Events wanted, at most ${limits.events} and ${limits.eventsBytes / 1024} KiB`),
    }),
    answers: { 200: EventPage },
    errors: ['conversation.not_a_member'],
  }),
  messages: endpoint({
    id: 'messages',
    area: 'messaging',
    method: 'GET',
    path: '/conversations/:conversationId/messages',
    summary: 'Messages as they are now, around one place; without a place the newest',
    callers: ['employee', 'bot'],
    scope: 'messages:read',
    params,
    query: z.object({
      before: seq.optional().describe('Messages below this seq'),
      after: seq.optional().describe('Messages above this seq'),
      around: seq.optional().describe('Messages on both sides of this seq'),
      at: Time.optional().describe('Messages on both sides of this time'),
      limit: z.coerce
        .number()
        .int()
        .min(1)
        .max(limits.page)
        .default(50)
        .describe(`Messages wanted, at most ${limits.page}`),
    }),
    answers: { 200: MessagePage },
    errors: ['conversation.not_a_member'],
  }),
};
