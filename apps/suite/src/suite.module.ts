import { Module, type DynamicModule } from '@nestjs/common';
import {
  AccessAdminModule,
  AccessApiModule,
  AccessJobsModule,
  AccessModule,
  FirstAdministratorsModule,
  type FirstAdministrator,
} from '#access';
import { AdministrationApiModule } from '#administration';
import { AuditApiModule } from '#audit';
import { BlobsModule } from '#blobs';
import { ComplianceApiModule, ComplianceJobsModule } from '#compliance';
import { DirectoryAdminModule, DirectoryApiModule, DirectoryJobsModule } from '#directory';
import { FilesAdminModule, FilesApiModule, FilesJobsModule } from '#files';
import { GovernanceApiModule } from '#governance';
import { MessagingAdminModule, MessagingApiModule, VisibilityModule } from '#messaging';
import { PersistenceModule } from '#persistence';
import { PlatformModule, type Settings } from '#platform';
import { RealtimeModule } from '#realtime';

/** Everything, in one process. */
@Module({
  imports: [
    PersistenceModule,
    BlobsModule,
    AccessModule,
    AccessApiModule,
    AccessAdminModule,
    AccessJobsModule,
    DirectoryApiModule.meetingIn(VisibilityModule),
    DirectoryAdminModule,
    DirectoryJobsModule,
    FilesApiModule.readBy(VisibilityModule),
    FilesJobsModule,
    FilesAdminModule,
    MessagingApiModule,
    MessagingAdminModule,
    RealtimeModule,
    GovernanceApiModule,
    AuditApiModule,
    AdministrationApiModule,
    ComplianceApiModule,
    ComplianceJobsModule,
  ],
})
export class SuiteModule {
  /** @param administrators first accounts that the demo has chosen; absent: they are drawn */
  static with(settings: Settings, administrators?: FirstAdministrator[]): DynamicModule {
    return {
      module: SuiteModule,
      imports: [PlatformModule.with(settings), FirstAdministratorsModule.with(administrators)],
    };
  }
}
