import { type Account, administratorAccounts, keepAccountsFile } from './accounts.js';
import { baseDn, serviceAccountDn } from './distinguished-name.js';
import { DirectoryTree } from './directory-tree.js';
import { generalizedTime } from './generalized-time.js';
import { arrivalOf, openInstallation } from './installation.js';
import { DirectoryServer } from './ldap-server.js';
import { Organisation } from './organisation.js';
import { passwordOf, secretKey } from './passwords.js';
import type { Settings } from './settings.js';

/** What a client has to know to use the directory; sent to the parent process when the directory is ready. */
export interface Ready {
  readonly type: 'ready';
  readonly url: string;
  readonly baseDn: string;
  readonly bindDn: string;
  readonly bindPassword: string;
  readonly administrators: readonly Account[];
}

export interface RunningDirectory {
  readonly ready: Ready;
  close(): Promise<void>;
}

export async function startDirectory(settings: Settings): Promise<RunningDirectory> {
  const { data, people, port, writable } = settings;
  const installation = openInstallation(data, people, new Date());
  const secret = secretKey(installation.secret);
  const organisation = new Organisation(installation.seed, people);
  keepAccountsFile(data, secret, organisation);
  const tree = new DirectoryTree(organisation, {
    arrivalOf: (person) => generalizedTime(arrivalOf(installation, person)),
  });
  const server = await DirectoryServer.listen({ tree, secret, port, writable });
  const ready: Ready = {
    type: 'ready',
    url: server.url,
    baseDn,
    bindDn: serviceAccountDn,
    bindPassword: passwordOf(secret, 'service:directory-sync'),
    administrators: administratorAccounts(secret),
  };
  return { ready, close: () => server.close() };
}
