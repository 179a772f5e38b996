import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { AuditModule } from '#audit';
import { GovernanceModule } from '#governance';
import { DirectoryKeysModule } from '#keys';
import { Bots } from './bots/bots.service.js';
import { BotsStore } from './bots/bots.store.js';
import { DepartmentPeople } from './departments/department-people.service.js';
import { DepartmentPeopleStore } from './departments/department-people.store.js';
import { DepartmentsController } from './departments/departments.controller.js';
import { Departments } from './departments/departments.service.js';
import { DepartmentsStore } from './departments/departments.store.js';
import { PasswordCheck } from './people/password-check.service.js';
import { PolicyPlaces } from './people/policy-places.service.js';
import { PolicyPlacesStore } from './people/policy-places.store.js';
import { PeopleChanges } from './people/people-changes.service.js';
import { PeopleController } from './people/people.controller.js';
import { People } from './people/people.service.js';
import { PeopleListStore } from './people/people-list.store.js';
import { PeopleStore } from './people/people.store.js';
import { SearchIndexJob } from './people/search-index.job.js';
import { SearchIndexStore } from './people/search-index.store.js';
import { SourceSettings } from './sources/source-settings.service.js';
import { SourcesController } from './sources/sources.controller.js';
import { Sources } from './sources/sources.service.js';
import { SourcesStore } from './sources/sources.store.js';
import { Applier } from './sync/applier.service.js';
import { ChangesStore } from './sync/changes.store.js';
import { DirectoryAdminController } from './sync/directory-admin.controller.js';
import { DirectoryTool } from './sync/directory-tool.service.js';
import { Executor } from './sync/executor.service.js';
import { Lookout } from './sync/lookout.service.js';
import { Looks } from './sync/looks.service.js';
import { Photos } from './sync/photos.service.js';
import { PhotosStore } from './sync/photos.store.js';
import { Planner } from './sync/planner.service.js';
import { Plans } from './sync/plans.service.js';
import { ProtectedPeople } from './sync/protected-people.js';
import { ReadingsStore } from './sync/readings.store.js';
import { Recollections } from './sync/recollections.service.js';
import { RecountStore } from './sync/recount.store.js';
import { RunsStore } from './sync/runs.store.js';
import { SyncJob } from './sync/sync.job.js';
import { DirectorySync } from './sync/sync.service.js';
import { SyncRuns } from './sync/sync-runs.service.js';
import { Views } from './visibility/views.service.js';
import { VisibilityAdminController } from './visibility/visibility-admin.controller.js';
import { VisibilityRules } from './visibility/visibility-rules.service.js';
import { VisibilityStore } from './visibility/visibility.store.js';

/** People and departments, for other libraries. */
@Module({
  imports: [AuditModule, GovernanceModule, DirectoryKeysModule],
  providers: [
    PolicyPlacesStore,
    PolicyPlaces,
    PeopleStore,
    PeopleListStore,
    People,
    PeopleChanges,
    PasswordCheck,
    DepartmentsStore,
    Departments,
    DepartmentPeopleStore,
    DepartmentPeople,
    RunsStore,
    VisibilityStore,
    Views,
    VisibilityRules,
    SyncRuns,
    SourcesStore,
    Sources,
    ProtectedPeople,
    BotsStore,
    Bots,
  ],
  exports: [
    People,
    PeopleChanges,
    Bots,
    PasswordCheck,
    Departments,
    DepartmentPeople,
    SyncRuns,
    RunsStore,
    Sources,
    SourcesStore,
    ProtectedPeople,
    VisibilityRules,
  ],
})
export class DirectoryModule {}

/** What employees ask. */
@Module({})
export class DirectoryApiModule {
  /** @param acquaintances provides `Acquaintances` */
  static meetingIn(acquaintances: Type): DynamicModule {
    return {
      module: DirectoryApiModule,
      imports: [DirectoryModule, acquaintances],
      controllers: [PeopleController, DepartmentsController],
    };
  }
}

/** What administrators ask. */
@Module({
  imports: [DirectoryModule, AuditModule],
  controllers: [DirectoryAdminController, SourcesController, VisibilityAdminController],
  providers: [ChangesStore, Plans, SourceSettings],
})
export class DirectoryAdminModule {}

/** Synchronising, whoever asks for it. */
@Module({
  imports: [DirectoryModule, AuditModule],
  providers: [
    ChangesStore,
    RecountStore,
    Applier,
    PhotosStore,
    Photos,
    Recollections,
    Planner,
    Executor,
    ReadingsStore,
    Looks,
    DirectorySync,
    Lookout,
  ],
  exports: [DirectorySync, ReadingsStore, ChangesStore, Lookout],
})
class DirectorySyncModule {}

/** Synchronising by itself. */
@Module({
  imports: [DirectoryModule, DirectorySyncModule],
  providers: [SyncJob, SearchIndexStore, SearchIndexJob],
  exports: [DirectorySyncModule],
})
export class DirectoryJobsModule {}

/** Synchronising from the command line. */
@Module({
  imports: [DirectoryModule, DirectorySyncModule, AuditModule],
  providers: [Plans, DirectoryTool],
  exports: [DirectoryTool],
})
export class DirectoryToolModule {}
