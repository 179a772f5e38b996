/**
 * Live connections: sockets, requests that wait where no socket passes, and telling both what is new.
 *
 * Owns: no data. Promises: events of a conversation are sent in order and only to those who may see them; a position
 * is said only when everything before it was sent on that connection; a socket that does not read costs bounded
 * memory. Must not: write to the log, or be needed for anything to be stored.
 */
export { RealtimeModule } from './realtime.module.js';
