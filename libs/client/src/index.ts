/**
 * The SDK: session, connection, outbox and sync of one person's device, in browsers and in Node.
 *
 * Owns: what a device remembers, behind `ClientStore`. Promises: a message given to `send` arrives once, in the order
 * of writing, or is shown as failed; `events` tells every event of a conversation once, in its order, never past a
 * hole; a position is stored only when everything before it is. Must not: import anything of ours but contracts.
 */
export { Client, type ClientEvents, type ClientOptions } from './client.js';
export type { ConnectionState } from './connection.js';
export type { Transport } from './link.js';
export { isPassing, isSessionOver, OfflineError, RefusedError } from './errors.js';
export type { HistoryPage } from './history.js';
export { Http, type Answer, type Call, type CallName, type Prover } from './http.js';
export { textBytes } from './outbox.js';
export { Session } from './session.js';
export { MemoryStore, widened } from './store.js';
export type { ClientStore, LogMark, LogRange, OutboxItem, StoredPosition, StoredState } from './store.js';
