import { Module } from '@nestjs/common';
import { AuditModule } from '#audit';
import { Acquaintances, DirectoryModule } from '#directory';
import { FileReaders, FilesModule } from '#files';
import { ContentKeysModule, ServiceSecretModule } from '#keys';
import { ConversationChanges } from './conversations/conversation-changes.service.js';
import { Conversations } from './conversations/conversations.service.js';
import { ConversationsStore } from './conversations/conversations.store.js';
import { Members } from './conversations/members.service.js';
import { MembersStore } from './conversations/members.store.js';
import { SharedConversations } from './conversations/shared-conversations.service.js';
import { Visibility } from './conversations/visibility.service.js';
import { DepartmentGroups } from './department-groups/department-groups.service.js';
import { DepartmentGroupsStore } from './department-groups/department-groups.store.js';
import { FollowedDepartments } from './department-groups/followed-departments.job.js';
import { Following } from './department-groups/following.service.js';
import { GroupPoliciesModule } from './hand-over/group-policies.js';
import { GroupSuccessions } from './hand-over/group-successions.service.js';
import { OwnedGroupsStore } from './hand-over/groups.store.js';
import { LeavingOwners } from './hand-over/leaving-owners.job.js';
import { Contents } from './log/content.service.js';
import { EventLogStore } from './log/event-log.store.js';
import { LogReader } from './log/log-reader.service.js';
import { LogReaderStore } from './log/log-reader.store.js';
import { Partitions } from './log/partitions.job.js';
import { PartitionsStore } from './log/partitions.store.js';
import { MessageLog } from './messages/message-log.js';
import { MessagePoliciesModule } from './messages/message-policies.js';
import { Messages } from './messages/messages.service.js';
import { MessagesStore } from './messages/messages.store.js';
import { QuarantineNotices } from './messages/quarantine.job.js';
import { Reading } from './messages/reading.service.js';
import { RequestMacs } from './messages/request-macs.js';
import { SendWriters } from './messages/send-writers.service.js';
import { Receipts } from './receipts/receipts.service.js';
import { ReceiptsStore } from './receipts/receipts.store.js';
import { Sync } from './sync/sync.service.js';
import { SyncStore } from './sync/sync.store.js';

/** Who may see which conversation, without any key to what was written. */
@Module({
  providers: [
    MembersStore,
    Members,
    Visibility,
    { provide: FileReaders, useExisting: Visibility },
    { provide: Acquaintances, useClass: SharedConversations },
  ],
  exports: [MembersStore, Members, Visibility, FileReaders, Acquaintances],
})
export class VisibilityModule {}

/** Conversations and their log, for other libraries and processes that hold content keys. */
@Module({
  imports: [
    VisibilityModule,
    DirectoryModule,
    FilesModule,
    MessagePoliciesModule,
    GroupPoliciesModule,
    ContentKeysModule,
    ServiceSecretModule,
    AuditModule,
  ],
  providers: [
    Contents,
    EventLogStore,
    LogReaderStore,
    LogReader,
    PartitionsStore,
    Partitions,
    MessageLog,
    RequestMacs,
    MessagesStore,
    SendWriters,
    Messages,
    Reading,
    QuarantineNotices,
    ConversationsStore,
    ConversationChanges,
    DepartmentGroupsStore,
    DepartmentGroups,
    Following,
    FollowedDepartments,
    OwnedGroupsStore,
    GroupSuccessions,
    LeavingOwners,
    Conversations,
    ReceiptsStore,
    Receipts,
    SyncStore,
    Sync,
  ],
  exports: [
    VisibilityModule,
    MessageLog,
    Messages,
    Reading,
    Conversations,
    ConversationChanges,
    DepartmentGroups,
    Following,
    Receipts,
    Sync,
  ],
})
export class MessagingModule {}
