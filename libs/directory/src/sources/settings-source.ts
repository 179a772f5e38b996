import type { DirectorySourceSettings } from '#contracts';
import type { Settings } from '#platform';

/** Name of the source that the environment describes. */
export const settingsSourceName = 'LDAP';

/** The directory that the environment describes, and the password of its account; undefined where it has none. */
export function sourceOfSettings(
  settings: Settings,
): { settings: DirectorySourceSettings; password: string } | undefined {
  const { LDAP_URL, LDAP_BIND_DN, LDAP_BIND_PASSWORD, LDAP_BASE_DN } = settings;
  if (!LDAP_URL) return undefined;
  if (!LDAP_BIND_DN || !LDAP_BIND_PASSWORD || !LDAP_BASE_DN) {
    throw new Error('LDAP_URL needs LDAP_BIND_DN, LDAP_BIND_PASSWORD and LDAP_BASE_DN');
  }
  const url = new URL(LDAP_URL);
  const isSecure = url.protocol === 'ldaps:';
  return {
    password: LDAP_BIND_PASSWORD,
    settings: {
      kind: 'openldap',
      hosts: [
        { host: url.hostname.replaceAll(/[[\]]/g, ''), port: Number(url.port) || (isSecure ? 636 : 389) },
      ],
      security: isSecure ? 'ldaps' : 'plain',
      allowPlain: !isSecure,
      authorities: '',
      serverName: '',
      bindDn: LDAP_BIND_DN,
      peopleBases: [LDAP_BASE_DN],
      departmentBases: [LDAP_BASE_DN],
      peopleFilter: settings.LDAP_PEOPLE_FILTER,
      departmentsFilter: settings.LDAP_DEPARTMENTS_FILTER,
      peopleGroups: [],
      lookSeconds: null,
      attributes: { ...openLdapAttributes, username: settings.LDAP_USERNAME_ATTRIBUTE },
      protectedUsernames: [],
      precedence: 100,
    },
  };
}

const openLdapAttributes: DirectorySourceSettings['attributes'] = {
  username: 'uid',
  displayName: 'displayName',
  givenName: 'givenName',
  title: 'title',
  rank: 'chanceryRank',
  staffNumber: 'employeeNumber',
  email: 'mail',
  phone: 'telephoneNumber',
  mobile: 'mobile',
  manager: 'manager',
  photo: 'jpegPhoto',
  departmentName: 'ou',
  departmentOrder: 'chanceryOrder',
  post: 'chanceryPost',
};
