import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { ClientId, Id, PathId, Time } from './ids.js';
import { PageQuery, pageOf } from './page.js';
import { BotScope } from './roles.js';

export const Bot = z
  .object({
    id: Id.describe('Bot id; where people are named, it names the bot'),
    username: z.string().describe('Unique name'),
    displayName: z.string().describe('Name shown to others'),
    active: z.boolean().describe('False once it was disabled, for good'),
  })
  .meta({ id: 'Bot', description: 'A program that takes part in conversations it was added to' });
export type Bot = z.infer<typeof Bot>;

export const BotToken = z
  .object({
    id: Id.describe('Token id'),
    name: z.string().describe('What it is for'),
    scopes: z.array(BotScope).describe('What it may do'),
    createdAt: Time.describe('When it was issued'),
    expiresAt: Time.describe('When it ends by itself'),
    endedAt: Time.nullable().describe('When it was revoked; null while it was not'),
  })
  .meta({ id: 'BotToken', description: 'A token of a bot, without the secret' });
export type BotToken = z.infer<typeof BotToken>;

const params = z.object({ botId: PathId.describe('Bot id') });

export const botsApi = {
  bots: endpoint({
    id: 'bots',
    area: 'administration',
    method: 'GET',
    path: '/admin/bots',
    summary: 'Bots, disabled ones included, in the order of their making',
    callers: ['system-admin', 'security-admin', 'audit-admin'],
    query: PageQuery,
    answers: { 200: pageOf(Bot) },
  }),
  makeBot: endpoint({
    id: 'makeBot',
    area: 'administration',
    method: 'POST',
    path: '/admin/bots',
    summary: 'Make a bot; it can do nothing until it has a token and somebody has added it to a conversation',
    callers: ['system-admin'],
    body: z.object({
      clientId: ClientId,
      username: z
        .string()
        .regex(/^[a-z0-9][a-z0-9._-]{1,63}$/)
        .describe('2 to 64 of a-z, 0-9, dot, hyphen and underscore'),
      displayName: z.string().trim().min(1).max(64).describe('Name shown to others'),
    }),
    answers: { 201: Bot },
    errors: ['bot.name_taken'],
  }),
  disableBot: endpoint({
    id: 'disableBot',
    area: 'administration',
    method: 'POST',
    path: '/admin/bots/:botId/disable',
    summary: 'Disable a bot for good and end its tokens; what it said stays',
    callers: ['system-admin', 'security-admin'],
    params,
    body: z.object({ clientId: ClientId }),
    answers: { 200: Bot },
    errors: ['bot.not_found'],
  }),
  botTokens: endpoint({
    id: 'botTokens',
    area: 'administration',
    method: 'GET',
    path: '/admin/bots/:botId/tokens',
    summary: 'Tokens of a bot, latest first',
    callers: ['system-admin', 'security-admin', 'audit-admin'],
    params,
    query: PageQuery,
    answers: { 200: pageOf(BotToken) },
    errors: ['bot.not_found'],
  }),
  issueBotToken: endpoint({
    id: 'issueBotToken',
    area: 'administration',
    method: 'POST',
    path: '/admin/bots/:botId/tokens',
    summary: 'Issue a token; a repeat with the same clientId gets the same one',
    callers: ['security-admin'],
    params,
    body: z.object({
      clientId: ClientId,
      name: z.string().trim().min(1).max(120).describe('What it is for'),
      scopes: z.array(BotScope).min(1).max(8).describe('What it may do'),
      days: z.number().int().min(1).max(366).describe('Days until it ends by itself'),
    }),
    answers: {
      201: BotToken.extend({
        token: z.string().describe('Bearer token; it is stored nowhere and shown only here'),
      }),
    },
    errors: ['bot.not_found', 'client_id_reused'],
  }),
  revokeBotToken: endpoint({
    id: 'revokeBotToken',
    area: 'administration',
    method: 'DELETE',
    path: '/admin/bots/:botId/tokens/:tokenId',
    summary: 'End a token on every process',
    callers: ['system-admin', 'security-admin'],
    params: params.extend({ tokenId: PathId.describe('Token id') }),
    answers: { 204: 'It is ended, now or before' },
    errors: ['bot.not_found'],
  }),
};
