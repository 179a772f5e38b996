import { Module } from '@nestjs/common';
import { AuditModule } from '#audit';
import { DirectoryModule } from '#directory';
import { GovernanceModule } from '#governance';
import { RecordKeysModule } from '#keys';
import { ArchiveModule, ArchiveScopeModule } from '#messaging';
import { ConversationWriter } from './conversation-writer.service.js';
import { ExportJob } from './export.job.js';
import { ExportMaker } from './export-maker.service.js';
import { ExportsController } from './exports.controller.js';
import { Exports } from './exports.service.js';
import { ExportsStore } from './exports.store.js';
import { RecordFiles } from './record-files.service.js';

/** Asking for exports and handing them out; needs the keys of records, never those of content. */
@Module({
  imports: [AuditModule, DirectoryModule, GovernanceModule, RecordKeysModule, ArchiveScopeModule],
  controllers: [ExportsController],
  providers: [ExportsStore, RecordFiles, Exports],
})
export class ComplianceApiModule {}

/** Making exports; for processes that hold the keys of content. */
@Module({
  imports: [
    AuditModule,
    DirectoryModule,
    GovernanceModule,
    RecordKeysModule,
    ArchiveScopeModule,
    ArchiveModule,
  ],
  providers: [ExportsStore, RecordFiles, ConversationWriter, ExportMaker, ExportJob],
})
export class ComplianceJobsModule {}
