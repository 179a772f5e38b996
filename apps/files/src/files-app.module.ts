import { Module, type DynamicModule } from '@nestjs/common';
import { AccessModule } from '#access';
import { BlobsModule } from '#blobs';
import { ComplianceJobsModule } from '#compliance';
import { FilesApiModule, FilesJobsModule } from '#files';
import { VisibilityModule } from '#messaging';
import { PersistenceModule } from '#persistence';
import { PlatformModule, type Settings } from '#platform';

/** Uploads and downloads, and the making of exports: a process that holds the keys of content and talks to nobody else. */
@Module({
  imports: [
    PersistenceModule,
    BlobsModule,
    AccessModule,
    FilesApiModule.readBy(VisibilityModule),
    FilesJobsModule,
    ComplianceJobsModule,
  ],
})
export class FilesAppModule {
  static with(settings: Settings): DynamicModule {
    return { module: FilesAppModule, imports: [PlatformModule.with(settings)] };
  }
}
