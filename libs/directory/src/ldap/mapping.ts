import type { Entry } from 'ldapts';
import type { DirectoryAttributes, DirectorySourceSettings, SyncProblem } from '#contracts';
import { normalDn, parentDn } from './distinguished-name.js';

export interface ReadDepartment {
  externalId: string;
  /** In normal form, as `parentDn`. */
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

/** What reading needs to know of a source. */
export type Mapping = Pick<DirectorySourceSettings, 'kind' | 'attributes'>;

type Report = (problem: SyncProblem) => void;

/** Where each kind of directory keeps what every entry has. */
const kinds = {
  openldap: {
    identity: 'entryUUID',
    stamp: 'modifyTimestamp',
    state: ['pwdAccountLockedTime', 'nsAccountLock'],
  },
  'active-directory': {
    identity: 'objectGUID',
    stamp: 'whenChanged',
    state: ['userAccountControl', 'accountExpires'],
  },
} as const;

export const identityOf = ({ kind }: Pick<Mapping, 'kind'>): string => kinds[kind].identity;

/** Attributes whose values are bytes; some of them would pass for text by chance. */
export const byteAttributes = ['objectGUID', 'objectSid', 'invocationId'];

const named = (...attributes: string[]): string[] => attributes.filter((attribute) => attribute !== '');

export const departmentAttributes = ({ kind, attributes }: Mapping): string[] =>
  named(kinds[kind].identity, attributes.departmentName, attributes.departmentOrder);

export const personAttributes = ({ kind, attributes: a }: Mapping): string[] => [
  kinds[kind].identity,
  kinds[kind].stamp,
  ...kinds[kind].state,
  'cn',
  ...named(a.username, a.displayName, a.givenName, a.title, a.rank, a.staffNumber),
  ...named(a.email, a.phone, a.mobile, a.manager, a.post),
];

/** People without a rank come after those with one. */
const lastRank = 1_000_000;

/** Reads one department. What cannot be used is reported and left out. */
export function readDepartment(entry: Entry, mapping: Mapping, report: Report): ReadDepartment | undefined {
  const externalId = externalIdOf(entry, mapping);
  const name = first(entry, mapping.attributes.departmentName);
  if (!externalId || !name) {
    const message = `The entry has no ${externalId ? mapping.attributes.departmentName : identityOf(mapping)}.`;
    report({ kind: 'department.unusable', subject: entry.dn, message });
    return undefined;
  }
  return {
    externalId,
    dn: normalDn(entry.dn),
    parentDn: parentDn(entry.dn),
    name,
    position: wholeNumber(first(entry, mapping.attributes.departmentOrder), 0),
  };
}

/** Reads one person. What cannot be used is reported and left out. */
export function readPerson(entry: Entry, mapping: Mapping, report: Report): ReadPerson | undefined {
  const a = mapping.attributes;
  const externalId = externalIdOf(entry, mapping);
  const username = first(entry, a.username);
  if (!externalId || !username) {
    const message = `The entry has no ${externalId ? a.username : identityOf(mapping)}.`;
    report({ kind: 'person.unusable', subject: entry.dn, message });
    return undefined;
  }
  const title = first(entry, a.title);
  const managerDn = first(entry, a.manager);
  return {
    externalId,
    dn: entry.dn,
    username,
    displayName: first(entry, a.displayName) ?? first(entry, 'cn') ?? username,
    givenName: first(entry, a.givenName),
    title,
    rank: wholeNumber(first(entry, a.rank), lastRank) || lastRank,
    staffNumber: first(entry, a.staffNumber),
    email: first(entry, a.email),
    phone: first(entry, a.phone),
    mobile: first(entry, a.mobile),
    managerDn: managerDn && normalDn(managerDn),
    posts: readPosts(entry, a, title),
    active: isActive(entry, mapping),
    stamp: stampOfEntry(entry, mapping),
  };
}

/** The directory's own time stamp of an entry. */
export const stampOfEntry = (entry: Entry, { kind }: Pick<Mapping, 'kind'>): string =>
  first(entry, kinds[kind].stamp) ?? '';

/** A number a column holds, or else what stands in for it. */
function wholeNumber(text: string | null, otherwise: number): number {
  const value = text !== null && /^-?\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isNaN(value) ? otherwise : value;
}

const accountDisable = 2;
/** 100-nanosecond steps since 1601; 0 and the greatest number mean never. */
const windowsEpochMs = 11_644_473_600_000;
const neverExpires = '9223372036854775807';

/** Whether the directory lets somebody in at this moment. Being locked for a while after wrong passwords is no leaving. */
export function isActive(entry: Entry, { kind }: Pick<Mapping, 'kind'>, now = Date.now()): boolean {
  if (kind === 'openldap') {
    return (
      first(entry, 'pwdAccountLockedTime') === null && first(entry, 'nsAccountLock')?.toLowerCase() !== 'true'
    );
  }
  const flags = Number(first(entry, 'userAccountControl') ?? 0);
  return (flags & accountDisable) === 0 && (expiryOf(entry) ?? Infinity) > now;
}

/** When an account of Active Directory ends, without a change of its entry; undefined of one that does not. */
export function expiryOf(entry: Entry): number | undefined {
  const expires = first(entry, 'accountExpires');
  const isLasting = expires === null || expires === '0' || expires === neverExpires;
  return isLasting ? undefined : Number(expires) / 10_000 - windowsEpochMs;
}

/** `<department id>;<title>;<order>` each, or else the department the entry lies in. */
function readPosts(entry: Entry, { post }: DirectoryAttributes, title: string | null): ReadPost[] {
  const values = all(entry, post);
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

/** The identity of an entry as the 32 hexadecimal digits of its 16 bytes. */
export function externalIdOf(entry: Entry, { kind }: Pick<Mapping, 'kind'>): string | null {
  if (kind === 'active-directory') {
    const value = entry['objectGUID'];
    const guid = Array.isArray(value) ? value[0] : value;
    return Buffer.isBuffer(guid) && guid.length === 16 ? guid.toString('hex') : null;
  }
  // RFC 4530.
  const digits = first(entry, 'entryUUID')?.replaceAll('-', '').toLowerCase();
  return digits && /^[0-9a-f]{32}$/.test(digits) ? digits : null;
}

/** What an entry with an identity has. */
export function identityCondition(
  externalId: string,
  { kind }: Pick<Mapping, 'kind'>,
): { attribute: string; value: Buffer | string } {
  const attribute = identityOf({ kind });
  if (kind === 'active-directory') return { attribute, value: Buffer.from(externalId, 'hex') };
  return { attribute, value: externalId.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') };
}

/** The same as a filter in text (RFC 4515 §3). */
export function identityFilter(externalId: string, mapping: Pick<Mapping, 'kind'>): string {
  const { attribute, value } = identityCondition(externalId, mapping);
  return `(${attribute}=${Buffer.isBuffer(value) ? externalId.replaceAll(/../g, String.raw`\$&`) : value})`;
}

/** Every value of an attribute as text. */
export function all(entry: Entry, attribute: string): string[] {
  if (attribute === '') return [];
  const value = entry[attribute] ?? entry[spellingOf(entry, attribute)];
  const values = Array.isArray(value) ? value : value === undefined ? [] : [value];
  // PostgreSQL's text holds everything but NUL, and nobody's name has one.
  return values.map((one) => one.toString().replaceAll('\0', '').trim()).filter((one) => one !== '');
}

/** Servers may spell an attribute as their schema does, whatever was asked. */
function spellingOf(entry: Entry, attribute: string): string {
  const folded = attribute.toLowerCase();
  for (const name in entry) {
    if (name.length === attribute.length && name.toLowerCase() === folded) return name;
  }
  return attribute;
}

export const first = (entry: Entry, attribute: string): string | null => all(entry, attribute)[0] ?? null;
