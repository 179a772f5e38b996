import { Module } from '@nestjs/common';
import { AuditModule } from '#audit';
import { GovernanceModule } from '#governance';
import { Bots } from './bots/bots.service.js';
import { BotsStore } from './bots/bots.store.js';
import { DepartmentsController } from './departments/departments.controller.js';
import { Departments } from './departments/departments.service.js';
import { DepartmentsStore } from './departments/departments.store.js';
import { PasswordCheck } from './people/password-check.service.js';
import { PolicyPlaces } from './people/policy-places.service.js';
import { PolicyPlacesStore } from './people/policy-places.store.js';
import { PeopleController } from './people/people.controller.js';
import { People } from './people/people.service.js';
import { PeopleListStore } from './people/people-list.store.js';
import { PeopleStore } from './people/people.store.js';
import { SearchIndexJob } from './people/search-index.job.js';
import { SearchIndexStore } from './people/search-index.store.js';
import { DirectoryAdminController } from './sync/directory-admin.controller.js';
import { SyncJob } from './sync/sync.job.js';
import { DirectorySync } from './sync/sync.service.js';
import { SyncRuns } from './sync/sync-runs.service.js';
import { SyncStore } from './sync/sync.store.js';

/** People and departments, for other libraries. */
@Module({
  imports: [AuditModule, GovernanceModule],
  providers: [
    PolicyPlacesStore,
    PolicyPlaces,
    PeopleStore,
    PeopleListStore,
    People,
    PasswordCheck,
    DepartmentsStore,
    Departments,
    SyncStore,
    SyncRuns,
    DirectorySync,
    BotsStore,
    Bots,
  ],
  exports: [People, Bots, PasswordCheck, Departments, SyncRuns, DirectorySync],
})
export class DirectoryModule {}

/** What employees ask. */
@Module({ imports: [DirectoryModule], controllers: [PeopleController, DepartmentsController] })
export class DirectoryApiModule {}

/** What administrators ask. */
@Module({ imports: [DirectoryModule, AuditModule], controllers: [DirectoryAdminController] })
export class DirectoryAdminModule {}

/** Synchronising. */
@Module({ imports: [DirectoryModule], providers: [SyncJob, SearchIndexStore, SearchIndexJob] })
export class DirectoryJobsModule {}
