/**
 * Conversations, messages, read marks, and the log they all are events of.
 *
 * Owns: the schema `messaging`. Promises: what is acknowledged is committed, once, at one place of its conversation;
 * places have no gaps; what is visible to whom follows from membership alone; what people write is sealed before it
 * is stored. Must not: know sockets, exports or search; those follow the log.
 */
export { ArchiveModule, ArchiveScopeModule } from './archive/archive.module.js';
export { ArchiveScope } from './archive/archive-scope.service.js';
export { Archive, type ArchivedEvent } from './archive/archive.service.js';
export { isUnlisted } from './conversations/listed-members.js';
export { Members, type MembersChange } from './conversations/members.service.js';
export { Visibility, type VisibleRange } from './conversations/visibility.service.js';
export { toWire, type LogEntry } from './log/event.js';
export { monthsReady } from './log/partitions.store.js';
export { MessagingAdminModule, MessagingApiModule } from './messaging-api.module.js';
export { MessagingModule, VisibilityModule } from './messaging.module.js';
export { MessageLog, type LogListener } from './messages/message-log.js';
export { Messages } from './messages/messages.service.js';
export { Reading } from './messages/reading.service.js';
export { Receipts } from './receipts/receipts.service.js';
export { Sync, type SyncOutcome } from './sync/sync.service.js';
