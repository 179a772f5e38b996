import { escapedName, type Dialect } from './office-life.js';
import type { OfficeKind } from './office-truth.js';
import { SambaServer } from './samba-server.js';
import { SlapdServer } from './slapd-server.js';
import { freePort } from './world.js';

/** A kind of real directory, and how an office is written and read in it. */
interface OfficeServer {
  kind: OfficeKind;
  isAtHand: boolean;
  make(): Promise<SlapdServer | SambaServer>;
  dialect: Omit<Dialect, 'base'>;
  /** How the product is told to read it. */
  reading: { peopleFilter: string; departmentsFilter: string; attributes: Record<string, string> };
}

const unused = { rank: '', givenName: '', mobile: '', photo: '', departmentOrder: '', post: '' };
const attributes = {
  ...unused,
  staffNumber: '',
  displayName: 'displayName',
  title: 'title',
  email: 'mail',
  phone: 'telephoneNumber',
  manager: 'manager',
  departmentName: 'ou',
};
const departmentsFilter = '(objectClass=organizationalUnit)';

export const officeServers: OfficeServer[] = [
  {
    kind: 'openldap',
    isAtHand: SlapdServer.isAtHand && Boolean(process.env['LDAPSEARCH']),
    make: async () => new SlapdServer(await freePort()),
    dialect: {
      account: 'uid',
      rdn: (uid) => `uid=${uid}`,
      person: (uid, name) => ({
        objectClass: ['inetOrgPerson', 'chanceryEntry'],
        ...{ uid, cn: name, sn: name, displayName: name },
      }),
      enabled: (is) => ({ attribute: 'nsAccountLock', value: is ? '' : 'true' }),
    },
    reading: {
      departmentsFilter,
      peopleFilter: '(objectClass=inetOrgPerson)',
      attributes: { ...attributes, username: 'uid' },
    },
  },
  {
    kind: 'active-directory',
    isAtHand: SambaServer.isAtHand && Boolean(process.env['LDAPSEARCH']),
    make: () => Promise.resolve(new SambaServer()),
    dialect: {
      account: 'sAMAccountName',
      rdn: (_uid, name) => `cn=${escapedName(name)}`,
      // 544: an ordinary account that needs no password; 2 more: it is disabled.
      person: (uid, name) => ({
        objectClass: 'user',
        ...{ sAMAccountName: uid, displayName: name, userAccountControl: '544' },
      }),
      enabled: (is) => ({ attribute: 'userAccountControl', value: is ? '544' : '546' }),
    },
    reading: {
      departmentsFilter,
      peopleFilter: '(&(objectCategory=person)(objectClass=user))',
      attributes: { ...attributes, username: 'sAMAccountName' },
    },
  },
];
