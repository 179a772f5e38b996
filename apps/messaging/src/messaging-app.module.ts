import { Module, type DynamicModule } from '@nestjs/common';
import { AccessModule } from '#access';
import { BlobsModule } from '#blobs';
import { MessagingApiModule } from '#messaging';
import { PersistenceModule } from '#persistence';
import { PlatformModule, type Settings } from '#platform';
import { RealtimeModule } from '#realtime';

/** Conversations and live connections. */
@Module({ imports: [PersistenceModule, BlobsModule, AccessModule, MessagingApiModule, RealtimeModule] })
export class MessagingAppModule {
  static with(settings: Settings): DynamicModule {
    return { module: MessagingAppModule, imports: [PlatformModule.with(settings)] };
  }
}
