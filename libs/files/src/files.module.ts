import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { AuditModule } from '#audit';
import { ContentKeysModule } from '#keys';
import { FileAccess } from './file-access.service.js';
import { FilesController } from './files.controller.js';
import { Files } from './files.service.js';
import { FilesStore } from './files.store.js';
import { SealedFiles } from './sealed-files.js';
import { TusUploads } from './tus-uploads.js';
import { Uploads } from './uploads.js';
import { AbandonedUploads } from './abandoned-uploads.job.js';

/** Files, for other libraries. */
@Module({
  imports: [ContentKeysModule],
  providers: [FilesStore, SealedFiles, Files],
  exports: [FilesStore, SealedFiles, Files],
})
export class FilesModule {}

/** Uploads and downloads. */
@Module({})
export class FilesApiModule {
  /** @param readers the module that exports `FileReaders` */
  static readBy(readers: Type): DynamicModule {
    return {
      module: FilesApiModule,
      imports: [FilesModule, ContentKeysModule, AuditModule, readers],
      controllers: [FilesController],
      providers: [FileAccess, Uploads, TusUploads],
    };
  }
}

/** Cleaning up. */
@Module({ imports: [FilesModule], providers: [AbandonedUploads] })
export class FilesJobsModule {}
