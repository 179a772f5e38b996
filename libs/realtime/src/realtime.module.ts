import { Module } from '@nestjs/common';
import { AccessModule, PresenceModule } from '#access';
import { DirectoryModule } from '#directory';
import { MessagingModule } from '#messaging';
import { ClientRequests } from './client-requests.js';
import { Fanout } from './fanout.js';
import { LongPolls } from './long-polls.service.js';
import { PresenceNews } from './presence-news.js';
import { ReadNews } from './read-news.js';
import { Registry } from './registry.js';
import { SessionEnds } from './session-ends.js';
import { SocketGateway } from './socket.gateway.js';
import { SyncController } from './sync.controller.js';
import { TypingNews } from './typing-news.js';

/** Live connections. */
@Module({
  imports: [AccessModule, PresenceModule, DirectoryModule, MessagingModule],
  controllers: [SyncController],
  providers: [
    Registry,
    Fanout,
    ReadNews,
    PresenceNews,
    TypingNews,
    SessionEnds,
    ClientRequests,
    LongPolls,
    SocketGateway,
  ],
})
export class RealtimeModule {}
