import { Module } from '@nestjs/common';
import { AccessModule, PresenceModule } from '#access';
import { MessagingModule } from '#messaging';
import { ClientRequests } from './client-requests.js';
import { Fanout } from './fanout.js';
import { PresenceNews } from './presence-news.js';
import { ReadNews } from './read-news.js';
import { Registry } from './registry.js';
import { SessionEnds } from './session-ends.js';
import { SocketGateway } from './socket.gateway.js';
import { TypingNews } from './typing-news.js';

/** Live connections. */
@Module({
  imports: [AccessModule, PresenceModule, MessagingModule],
  providers: [
    Registry,
    Fanout,
    ReadNews,
    PresenceNews,
    TypingNews,
    SessionEnds,
    ClientRequests,
    SocketGateway,
  ],
})
export class RealtimeModule {}
