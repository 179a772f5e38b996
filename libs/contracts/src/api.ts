import { accessApi } from './access.js';
import { administrationApi } from './administration.js';
import { auditApi } from './audit.js';
import { botsApi } from './bots.js';
import { conversationsApi } from './conversations.js';
import { conversationsAdminApi } from './conversations-admin.js';
import { departmentGroupsAdminApi, departmentGroupsApi } from './department-groups.js';
import { devicesApi } from './devices.js';
import { directoryApi } from './directory.js';
import { directorySourcesApi } from './directory-sources.js';
import { filesApi } from './files.js';
import { identityProvidersApi } from './identity-providers.js';
import { messagesApi } from './messages.js';
import { policiesApi } from './policies.js';
import { secondFactorsApi } from './second-factors.js';
import { serviceApi } from './service.js';
import { syncApi } from './sync.js';
import { synchronisationApi } from './synchronisation.js';
import { visibilityApi } from './visibility.js';

/** Base of every path. */
export const apiBase = '/api/v1';

/** Every call of the HTTP API by its id. */
export const api = {
  ...accessApi,
  ...secondFactorsApi,
  ...identityProvidersApi,
  ...devicesApi,
  ...directoryApi,
  ...conversationsApi,
  ...conversationsAdminApi,
  ...departmentGroupsApi,
  ...departmentGroupsAdminApi,
  ...messagesApi,
  ...syncApi,
  ...filesApi,
  ...administrationApi,
  ...policiesApi,
  ...directorySourcesApi,
  ...synchronisationApi,
  ...visibilityApi,
  ...botsApi,
  ...auditApi,
  ...serviceApi,
};
export type Api = typeof api;
