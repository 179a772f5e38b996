import type { DirectorySource, DirectorySourceSettings } from '#contracts';

type Kind = DirectorySourceSettings['kind'];
type Security = DirectorySourceSettings['security'];

/** What stands in the form; lists as text with one a line. */
export interface SourceDraft {
  name: string;
  kind: Kind;
  hosts: { host: string; port: number | '' }[];
  security: Security;
  allowPlain: boolean;
  authorities: string;
  serverName: string;
  bindDn: string;
  /** Empty while editing: the one that is kept. */
  bindPassword: string;
  peopleBases: string;
  departmentBases: string;
  peopleFilter: string;
  departmentsFilter: string;
  peopleGroups: string;
  look: 'set' | 'every' | 'never';
  lookSeconds: number | '';
  attributes: DirectorySourceSettings['attributes'];
  protectedUsernames: string;
  precedence: number | '';
}

type KindDefaults = Pick<SourceDraft, 'peopleFilter' | 'departmentsFilter' | 'attributes'>;

const commonAttributes = {
  displayName: 'displayName',
  givenName: 'givenName',
  title: 'title',
  email: 'mail',
  phone: 'telephoneNumber',
  mobile: 'mobile',
  manager: 'manager',
  departmentName: 'ou',
};

/** What most directories of a kind need. */
export const kindDefaults: Record<Kind, KindDefaults> = {
  openldap: {
    peopleFilter: '(objectClass=inetOrgPerson)',
    departmentsFilter: '(objectClass=organizationalUnit)',
    attributes: {
      ...commonAttributes,
      username: 'uid',
      rank: 'chanceryRank',
      staffNumber: 'employeeNumber',
      photo: 'jpegPhoto',
      departmentOrder: 'chanceryOrder',
      post: 'chanceryPost',
    },
  },
  'active-directory': {
    peopleFilter: '(&(objectCategory=person)(objectClass=user))',
    departmentsFilter: '(objectClass=organizationalUnit)',
    attributes: {
      ...commonAttributes,
      username: 'sAMAccountName',
      rank: '',
      staffNumber: 'employeeID',
      photo: 'thumbnailPhoto',
      departmentOrder: '',
      post: '',
    },
  },
};

const usualPort: Record<Security, number> = { ldaps: 636, starttls: 389, plain: 389 };
const usualLookSeconds = 30;

export const blankDraft = (): SourceDraft => ({
  name: '',
  kind: 'openldap',
  hosts: [{ host: '', port: usualPort.ldaps }],
  security: 'ldaps',
  allowPlain: false,
  authorities: '',
  serverName: '',
  bindDn: '',
  bindPassword: '',
  peopleBases: '',
  departmentBases: '',
  ...kindDefaults.openldap,
  peopleGroups: '',
  look: 'set',
  lookSeconds: usualLookSeconds,
  protectedUsernames: '',
  precedence: 100,
});

export function draftOf({ name, settings }: DirectorySource): SourceDraft {
  const { lookSeconds, ...rest } = settings;
  return {
    ...rest,
    name,
    bindPassword: '',
    peopleBases: settings.peopleBases.join('\n'),
    departmentBases: settings.departmentBases.join('\n'),
    peopleGroups: settings.peopleGroups.join('\n'),
    protectedUsernames: settings.protectedUsernames.join('\n'),
    look: lookSeconds === null ? 'set' : lookSeconds === 0 ? 'never' : 'every',
    lookSeconds: lookSeconds || usualLookSeconds,
  };
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** As the contract has it; numbers that were left out come as null, which it refuses. */
export function settingsOf(draft: SourceDraft) {
  const { name: _, bindPassword: __, look, ...rest } = draft;
  const every = draft.lookSeconds === '' ? Number.NaN : draft.lookSeconds;
  return {
    ...rest,
    peopleBases: linesOf(draft.peopleBases),
    departmentBases: linesOf(draft.departmentBases),
    peopleGroups: linesOf(draft.peopleGroups),
    protectedUsernames: linesOf(draft.protectedUsernames),
    lookSeconds: look === 'set' ? null : look === 'never' ? 0 : every,
  };
}

/** Another kind brings its defaults for whatever still is that of the kind before. */
export function withKind(draft: SourceDraft, kind: Kind): SourceDraft {
  const before = kindDefaults[draft.kind];
  const after = kindDefaults[kind];
  const attributes = { ...draft.attributes };
  for (const name of Object.keys(attributes) as (keyof typeof attributes)[]) {
    if (attributes[name] === before.attributes[name]) attributes[name] = after.attributes[name];
  }
  const moved = (name: 'peopleFilter' | 'departmentsFilter') =>
    draft[name] === before[name] ? after[name] : draft[name];
  return {
    ...draft,
    kind,
    attributes,
    peopleFilter: moved('peopleFilter'),
    departmentsFilter: moved('departmentsFilter'),
  };
}

/** Ports follow the way of encrypting as long as nobody chose others. */
export function withSecurity(draft: SourceDraft, security: Security): SourceDraft {
  const hosts = draft.hosts.map(({ host, port }) => ({
    host,
    port: port === usualPort[draft.security] ? usualPort[security] : port,
  }));
  return { ...draft, security, hosts, allowPlain: false };
}

export const anotherHost = ({ security }: SourceDraft) => ({ host: '', port: usualPort[security] });
