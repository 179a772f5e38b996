import { Access1764000000005 } from './1764000000005-access.js';
import { AnyApproval1764000000050 } from './1764000000050-any-approval.js';
import { Audit1764000000002 } from './1764000000002-audit.js';
import { BindShield1764000000040 } from './1764000000040-bind-shield.js';
import { Blocks1764000000041 } from './1764000000041-blocks.js';
import { Bots1764000000009 } from './1764000000009-bots.js';
import { Compliance1764000000008 } from './1764000000008-compliance.js';
import { DepartmentGroups1764000000100 } from './1764000000100-department-groups.js';
import { Directory1764000000004 } from './1764000000004-directory.js';
import { DirectoryPlans1764000000030 } from './1764000000030-directory-plans.js';
import { Epoch1764000000020 } from './1764000000020-epoch.js';
import { FileScans1764000000070 } from './1764000000070-file-scans.js';
import { FilePreviews1764000000110 } from './1764000000110-file-previews.js';
import { Files1764000000006 } from './1764000000006-files.js';
import { Governance1764000000003 } from './1764000000003-governance.js';
import { IdentityProviders1764000000044 } from './1764000000044-identity-providers.js';
import { MembersVersion1764000000101 } from './1764000000101-members-version.js';
import { Messaging1764000000007 } from './1764000000007-messaging.js';
import { PeopleSearch1764000000060 } from './1764000000060-people-search.js';
import { Policies1764000000051 } from './1764000000051-policies.js';
import { Persistence1764000000001 } from './1764000000001-persistence.js';
import { Readings1764000000080 } from './1764000000080-readings.js';
import { PersonPages1764000000090 } from './1764000000090-person-pages.js';
import { PlanPages1764000000091 } from './1764000000091-plan-pages.js';
import { Rates1764000000052 } from './1764000000052-rates.js';
import { RequestsOnce1764000000103 } from './1764000000103-requests-once.js';
import { SamlSignIns1764000000102 } from './1764000000102-saml-sign-ins.js';
import { SecondFactors1764000000043 } from './1764000000043-second-factors.js';
import { SeqAt1764000000010 } from './1764000000010-seq-at.js';
import { Standing1764000000021 } from './1764000000021-standing.js';
import { SessionRoles1764000000053 } from './1764000000053-session-roles.js';
import { TrailOfObjects1764000000111 } from './1764000000111-trail-of-objects.js';
import { Visibility1764000000061 } from './1764000000061-visibility.js';

/** Every step of the schema by its name; the number in the name is the order. */
export const migrations = {
  Persistence1764000000001,
  Audit1764000000002,
  Governance1764000000003,
  Directory1764000000004,
  Access1764000000005,
  Files1764000000006,
  Messaging1764000000007,
  Compliance1764000000008,
  Bots1764000000009,
  SeqAt1764000000010,
  Epoch1764000000020,
  Standing1764000000021,
  BindShield1764000000040,
  Blocks1764000000041,
  SecondFactors1764000000043,
  IdentityProviders1764000000044,
  DirectoryPlans1764000000030,
  AnyApproval1764000000050,
  Policies1764000000051,
  Rates1764000000052,
  SessionRoles1764000000053,
  PeopleSearch1764000000060,
  Visibility1764000000061,
  FileScans1764000000070,
  Readings1764000000080,
  PersonPages1764000000090,
  PlanPages1764000000091,
  DepartmentGroups1764000000100,
  MembersVersion1764000000101,
  SamlSignIns1764000000102,
  RequestsOnce1764000000103,
  FilePreviews1764000000110,
  TrailOfObjects1764000000111,
};
