/**
 * People, the organisation, and the synchronisation with LDAP.
 *
 * Owns: the schema `directory`. Promises: a person keeps their id through renames and moves; a fault of reading
 * changes nobody; nobody is told of whom the rules of visibility hide; every version of a person is kept with the
 * position at which it began. Must not: know sessions or conversations; those follow `changesAfter`.
 */
export {
  DirectoryAdminModule,
  DirectoryApiModule,
  DirectoryJobsModule,
  DirectoryModule,
  DirectoryToolModule,
} from './directory.module.js';
export { Departments } from './departments/departments.service.js';
export { DepartmentPeople } from './departments/department-people.service.js';
export type { Branch } from './departments/department-people.store.js';
export { Acquaintances } from './people/acquaintances.js';
export { Bots } from './bots/bots.service.js';
export { PasswordCheck, type BindShield } from './people/password-check.service.js';
export { PeopleChanges } from './people/people-changes.service.js';
export type { OrganisationChange, PersonChange } from './people/people.store.js';
export { People } from './people/people.service.js';
export type { NameVersion } from './people/people.store.js';
export { foldText } from './people/search-terms.js';
export { DirectoryTool, type SourceStanding, type ToolRun } from './sync/directory-tool.service.js';
export { ProtectedPeople } from './sync/protected-people.js';
export { SyncRuns } from './sync/sync-runs.service.js';
export { visibilityChanged } from './visibility/visibility-rules.service.js';
