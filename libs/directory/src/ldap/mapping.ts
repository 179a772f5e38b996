import type { Entry } from 'ldapts';
import type { SyncProblem } from '#contracts';

export interface ReadDepartment {
  externalId: string;
  dn: string;
  parentDn: string;
  name: string;
  position: number;
}

export interface ReadPost {
  /** External id of the department, or the DN it lies below. */
  department: { externalId: string } | { dn: string };
  title: string | null;
}

export interface ReadPerson {
  externalId: string;
  dn: string;
  username: string;
  displayName: string;
  givenName: string | null;
  title: string | null;
  rank: number;
  staffNumber: string | null;
  email: string | null;
  phone: string | null;
  mobile: string | null;
  managerDn: string | null;
  /** The main post first. */
  posts: ReadPost[];
  active: boolean;
  /** When the directory last changed the entry; tells whether the photo is worth reading again. */
  stamp: string;
}

export const photoAttribute = 'jpegPhoto';

export const departmentAttributes = ['entryUUID', 'ou', 'chanceryOrder'];

export const personAttributes = (username: string): string[] => [
  'entryUUID',
  username,
  'cn',
  'displayName',
  'givenName',
  'title',
  'chanceryRank',
  'employeeNumber',
  'mail',
  'telephoneNumber',
  'mobile',
  'manager',
  'chanceryPost',
  'pwdAccountLockedTime',
  'modifyTimestamp',
];

/** People without a rank come after those with one. */
const lastRank = 1_000_000;

/** Reads one department. What cannot be used is reported and left out. */
export function readDepartment(
  entry: Entry,
  report: (problem: SyncProblem) => void,
): ReadDepartment | undefined {
  const externalId = externalIdOf(entry);
  const name = first(entry, 'ou');
  if (!externalId || !name) {
    report({
      kind: 'department.unusable',
      subject: entry.dn,
      message: 'The entry has no entryUUID or no ou.',
    });
    return undefined;
  }
  return {
    externalId,
    dn: normalDn(entry.dn),
    parentDn: parentDn(entry.dn),
    name,
    position: Number(first(entry, 'chanceryOrder') ?? 0) || 0,
  };
}

/** Reads one person. What cannot be used is reported and left out. */
export function readPerson(
  entry: Entry,
  usernameAttribute: string,
  report: (problem: SyncProblem) => void,
): ReadPerson | undefined {
  const externalId = externalIdOf(entry);
  const username = first(entry, usernameAttribute);
  if (!externalId || !username) {
    const message = `The entry has no entryUUID or no ${usernameAttribute}.`;
    report({ kind: 'person.unusable', subject: entry.dn, message });
    return undefined;
  }
  const title = first(entry, 'title');
  const managerDn = first(entry, 'manager');
  return {
    externalId,
    dn: entry.dn,
    username,
    displayName: first(entry, 'displayName') ?? first(entry, 'cn') ?? username,
    givenName: first(entry, 'givenName'),
    title,
    rank: Number.parseInt(first(entry, 'chanceryRank') ?? '', 10) || lastRank,
    staffNumber: first(entry, 'employeeNumber'),
    email: first(entry, 'mail'),
    phone: first(entry, 'telephoneNumber'),
    mobile: first(entry, 'mobile'),
    managerDn: managerDn && normalDn(managerDn),
    posts: readPosts(entry, title),
    active: first(entry, 'pwdAccountLockedTime') === null,
    stamp: first(entry, 'modifyTimestamp') ?? '',
  };
}

/** `chanceryPost: <department entryUUID>;<title>;<order>`, or else the department the entry lies in. */
function readPosts(entry: Entry, title: string | null): ReadPost[] {
  const values = all(entry, 'chanceryPost');
  if (values.length === 0) return [{ department: { dn: parentDn(entry.dn) }, title }];
  return values
    .map((value) => {
      const [department = '', postTitle = '', order = '0'] = value.split(';');
      return {
        department: { externalId: department.toLowerCase() },
        title: postTitle || null,
        order: Number(order) || 0,
      };
    })
    .sort((a, b) => a.order - b.order)
    .map(({ department, title: postTitle }) => ({ department, title: postTitle }));
}

/** entryUUID as the 32 hexadecimal digits of its 16 bytes (RFC 4530). */
function externalIdOf(entry: Entry): string | null {
  const digits = first(entry, 'entryUUID')?.replaceAll('-', '').toLowerCase();
  return digits && /^[0-9a-f]{32}$/.test(digits) ? digits : null;
}

function all(entry: Entry, attribute: string): string[] {
  const value = entry[attribute];
  const values = Array.isArray(value) ? value : value === undefined ? [] : [value];
  // PostgreSQL's text holds everything but NUL, and nobody's name has one.
  return values.map((one) => one.toString().replaceAll('\0', '').trim()).filter((one) => one !== '');
}

const first = (entry: Entry, attribute: string): string | null => all(entry, attribute)[0] ?? null;

/** DNs are compared without regard to case and to spaces after commas. */
export const normalDn = (dn: string): string => dn.replaceAll(/(?<!\\),\s*/g, ',').toLowerCase();

/** The DN above, in normal form. */
export function parentDn(dn: string): string {
  const normal = normalDn(dn);
  const comma = normal.search(/(?<!\\),/);
  return comma === -1 ? '' : normal.slice(comma + 1);
}
