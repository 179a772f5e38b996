/**
 * Signing in, sessions, administrators' accounts, presence, and the one global guard.
 *
 * Owns: the schema `access`. Promises: a route is closed unless its contract names who may call it; the end of a
 * session reaches every process within a second; tokens are stored as digests only. Must not: know conversations.
 */
export {
  AccessAdminModule,
  AccessApiModule,
  AccessJobsModule,
  AccessModule,
  FirstAdministratorsModule,
  PresenceModule,
} from './access.module.js';
export type { FirstAdministrator } from './administrators/administrators.service.js';
export { LoadTokens } from './load-tokens.js';
export { Presence } from './presence/presence.service.js';
export { Sessions } from './sessions/sessions.service.js';
