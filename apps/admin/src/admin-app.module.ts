import { Module, type DynamicModule } from '@nestjs/common';
import { AccessAdminModule, AccessModule } from '#access';
import { AdministrationApiModule } from '#administration';
import { AuditApiModule } from '#audit';
import { BlobsModule } from '#blobs';
import { ComplianceApiModule } from '#compliance';
import { DirectoryAdminModule } from '#directory';
import { FilePoliciesModule, FilesAdminModule } from '#files';
import { GovernanceApiModule } from '#governance';
import { MessagingAdminModule } from '#messaging';
import { PersistenceModule } from '#persistence';
import { PlatformModule, type Settings } from '#platform';

/** What administrators and auditors ask. This process never holds the keys of content. */
@Module({
  imports: [
    PersistenceModule,
    BlobsModule,
    AccessModule,
    AccessAdminModule,
    AdministrationApiModule,
    AuditApiModule,
    ComplianceApiModule,
    DirectoryAdminModule,
    FilesAdminModule,
    FilePoliciesModule,
    MessagingAdminModule,
    GovernanceApiModule,
  ],
})
export class AdminAppModule {
  static with(settings: Settings): DynamicModule {
    return { module: AdminAppModule, imports: [PlatformModule.with(settings)] };
  }
}
