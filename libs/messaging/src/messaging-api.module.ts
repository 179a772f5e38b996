import { Module } from '@nestjs/common';
import { AuditModule } from '#audit';
import { DirectoryModule } from '#directory';
import { ConversationsController } from './conversations/conversations.controller.js';
import { ConversationsStore } from './conversations/conversations.store.js';
import { DepartmentGroupsAdminController } from './department-groups/department-groups-admin.controller.js';
import { DepartmentGroupsController } from './department-groups/department-groups.controller.js';
import { DepartmentGroups } from './department-groups/department-groups.service.js';
import { DepartmentGroupsStore } from './department-groups/department-groups.store.js';
import { HandOverController } from './hand-over/hand-over.controller.js';
import { GroupPoliciesModule } from './hand-over/group-policies.js';
import { HandOverRequests } from './hand-over/hand-over-requests.service.js';
import { MessagePoliciesModule } from './messages/message-policies.js';
import { MessagesController } from './messages/messages.controller.js';
import { MessagingModule } from './messaging.module.js';
import { ReceiptsController } from './receipts/receipts.controller.js';

/** What employees ask over HTTP. */
@Module({
  imports: [MessagingModule],
  controllers: [ConversationsController, DepartmentGroupsController, MessagesController, ReceiptsController],
})
export class MessagingApiModule {}

/** What administrators decide and ask of conversations, in processes without any key to what was written. */
@Module({
  imports: [AuditModule, DirectoryModule, MessagePoliciesModule, GroupPoliciesModule],
  controllers: [HandOverController, DepartmentGroupsAdminController],
  providers: [HandOverRequests, ConversationsStore, DepartmentGroupsStore, DepartmentGroups],
})
export class MessagingAdminModule {}
