import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { AuditModule } from '#audit';
import { DirectoryModule } from '#directory';
import { ContentKeysModule } from '#keys';
import { FilePoliciesModule } from './file-policies.js';
import { FileAccess } from './file-access.service.js';
import { FilesController } from './files.controller.js';
import { Files } from './files.service.js';
import { FilesStore } from './files.store.js';
import { Readings } from './readings.service.js';
import { PreviewMaking } from './previews/previews.job.js';
import { PreviewsController } from './previews/previews.controller.js';
import { Previews } from './previews/previews.service.js';
import { PreviewsStore } from './previews/previews.store.js';
import { SealedFiles } from './sealed-files.js';
import { QuarantineController } from './scan/quarantine.controller.js';
import { Quarantine } from './scan/quarantine.service.js';
import { ScanRules } from './scan/scan-rules.js';
import { Scans } from './scan/scans.job.js';
import { ScansStore } from './scan/scans.store.js';
import { SentFilesController } from './sent/sent-files.controller.js';
import { SentFiles } from './sent/sent-files.service.js';
import { SentFilesStore } from './sent/sent-files.store.js';
import { TusUploads } from './tus-uploads.js';
import { UploadEnds } from './upload-ends.service.js';
import { Uploads } from './uploads.js';
import { AbandonedUploads } from './abandoned-uploads.job.js';

/** Files, for other libraries. */
@Module({
  imports: [ContentKeysModule],
  providers: [FilesStore, SealedFiles, Files, ScanRules, ScansStore, Quarantine, PreviewsStore],
  exports: [FilesStore, SealedFiles, Files, ScanRules, ScansStore, Quarantine, PreviewsStore],
})
export class FilesModule {}

/** Uploads and downloads. */
@Module({})
export class FilesApiModule {
  /** @param readers the module that exports `FileReaders` */
  static readBy(readers: Type): DynamicModule {
    return {
      module: FilesApiModule,
      imports: [FilesModule, FilePoliciesModule, ContentKeysModule, AuditModule, readers],
      controllers: [FilesController, PreviewsController, SentFilesController],
      providers: [FileAccess, Readings, Previews, UploadEnds, Uploads, TusUploads, SentFiles, SentFilesStore],
    };
  }
}

/** Cleaning up, showing files to the scanner, and making previews. */
@Module({ imports: [FilesModule, AuditModule], providers: [AbandonedUploads, Scans, PreviewMaking] })
export class FilesJobsModule {}

/** Files in quarantine, for the security administrator; without any key to their content. */
@Module({
  imports: [DirectoryModule],
  controllers: [QuarantineController],
  providers: [ScansStore, Quarantine],
})
export class FilesAdminModule {}
