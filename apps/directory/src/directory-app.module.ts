import { Module, type DynamicModule } from '@nestjs/common';
import { AccessApiModule, AccessJobsModule, AccessModule, FirstAdministratorsModule } from '#access';
import { BlobsModule } from '#blobs';
import { DirectoryApiModule, DirectoryJobsModule } from '#directory';
import { VisibilityModule } from '#messaging';
import { PersistenceModule } from '#persistence';
import { PlatformModule, type Settings } from '#platform';

/** People, the organisation, its synchronisation, and signing in. */
@Module({
  imports: [
    PersistenceModule,
    BlobsModule,
    AccessModule,
    AccessApiModule,
    AccessJobsModule,
    FirstAdministratorsModule.with(undefined),
    DirectoryApiModule.meetingIn(VisibilityModule),
    DirectoryJobsModule,
  ],
})
export class DirectoryAppModule {
  static with(settings: Settings): DynamicModule {
    return { module: DirectoryAppModule, imports: [PlatformModule.with(settings)] };
  }
}
