import { Module } from '@nestjs/common';
import { ConversationsController } from './conversations/conversations.controller.js';
import { MessagesController } from './messages/messages.controller.js';
import { MessagingModule } from './messaging.module.js';
import { ReceiptsController } from './receipts/receipts.controller.js';

/** What employees ask over HTTP. */
@Module({
  imports: [MessagingModule],
  controllers: [ConversationsController, MessagesController, ReceiptsController],
})
export class MessagingApiModule {}
