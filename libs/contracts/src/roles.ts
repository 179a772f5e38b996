import { z } from 'zod';

/**
 * The three administrators who exclude each other (三员分立): nobody holds two of these, and none of them reads
 * conversations by virtue of the role.
 */
export const administratorRoles = ['system-admin', 'security-admin', 'audit-admin'] as const;
export const AdministratorRole = z
  .enum(administratorRoles)
  .describe('One of the three exclusive administrators');
export type AdministratorRole = z.infer<typeof AdministratorRole>;

/** What a token of a bot may do, in the conversations the bot was added to. */
export const BotScope = z
  .enum(['messages:read', 'messages:send'])
  .describe('messages:read: list its conversations, sync and read; messages:send: send messages');
export type BotScope = z.infer<typeof BotScope>;

/** Who may call an endpoint; there is no endpoint without this. */
export type Caller = 'anyone' | 'signed-in' | 'employee' | 'bot' | AdministratorRole;
