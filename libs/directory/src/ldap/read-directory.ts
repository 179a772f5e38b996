import type { Entry } from 'ldapts';
import type { DirectorySourceSettings, SyncProblem } from '#contracts';
import type { Current, Snapshot } from '../sync/plan.js';
import { IncompleteRead } from './incomplete-read.js';
import type { DirectoryReader } from './ldap-directory.js';
import {
  departmentAttributes,
  personAttributes,
  readDepartment,
  readPerson,
  type ReadDepartment,
  type ReadPerson,
} from './mapping.js';
import { membershipAttributes, type Members } from './members.js';
import type { Place } from './place.js';
import { readMembers } from './read-members.js';
import { beginReading, placeAfter } from './read-start.js';

/** Entries that cannot be used: so many, or this share of all, look like a right that was lost. */
const unusable = { least: 5, share: 0.01 };
/** How many of those who seem to be gone are looked for one by one. */
const lookedFor = 20;

/** What was read, and among whom. */
export type ReadSnapshot = Snapshot & {
  members: Members | undefined;
  /** Identities of departments that were read, also of those that hold nobody. */
  seen: ReadonlySet<string>;
};

const notFollowed = 'The directory refers to a server that is none of its settings; nothing was read there.';

/** Everything, and where the reading has come to: undefined where the server does not tell. */
export type WholeSnapshot = ReadSnapshot & { place: Place | undefined };

/** Reads everything. Throws where any part of it could not be read. */
export async function readAll(
  reader: DirectoryReader,
  settings: DirectorySourceSettings,
): Promise<WholeSnapshot> {
  const start = await beginReading(reader, settings);
  const members = await readMembers(reader, settings);
  const problems: SyncProblem[] = [];
  const departments = await readDepartments(reader, settings, problems);
  const { peopleBases, peopleFilter } = settings;
  const attributes = [...personAttributes(settings), ...membershipAttributes(settings)];
  const found = await reader.all(peopleBases, peopleFilter, attributes);
  const { people, unreadable } = readPeople(
    members ? found.filter((entry) => members.has(entry)) : found,
    settings,
    problems,
  );
  for (const subject of reader.unfollowed)
    problems.push({ kind: 'referral.not_followed', subject, message: notFollowed });
  return {
    departments: withoutEmptyRoots(departments, people),
    seen: new Set(departments.map(({ externalId }) => externalId)),
    people,
    problems,
    unreadable,
    members,
    place: start && placeAfter(start, { stamps: stampsOf(people), members: members?.digest ?? '' }),
  };
}

/** People as their entries have them. Throws `IncompleteRead` where too many cannot be used. */
export function readPeople(
  entries: readonly Entry[],
  settings: DirectorySourceSettings,
  problems: SyncProblem[],
): Pick<Snapshot, 'people' | 'unreadable'> {
  const people: ReadPerson[] = [];
  const unreadable: string[] = [];
  for (const entry of entries) {
    const person = readPerson(entry, settings, (problem) => problems.push(problem));
    if (person) people.push(person);
    else unreadable.push(entry.dn);
  }
  if (unreadable.length > Math.max(unusable.least, Math.floor(entries.length * unusable.share))) {
    const example = problems.find(({ kind }) => kind === 'person.unusable');
    throw new IncompleteRead(
      `${unreadable.length} of ${entries.length} people could not be read; may the account read every attribute? ` +
        `${example?.subject}: ${example?.message}`,
    );
  }
  return { people, unreadable };
}

export async function readDepartments(
  reader: DirectoryReader,
  settings: DirectorySourceSettings,
  problems: SyncProblem[],
): Promise<ReadDepartment[]> {
  const { departmentBases, departmentsFilter } = settings;
  const entries = await reader.all(departmentBases, departmentsFilter, departmentAttributes(settings));
  return entries
    .map((entry) => readDepartment(entry, settings, (problem) => problems.push(problem)))
    .filter((department) => department !== undefined);
}

function* stampsOf(people: readonly ReadPerson[]): Generator<string> {
  for (const { stamp } of people) yield stamp;
}

/** Throws `IncompleteRead` where somebody who seems to be gone is still there. */
export async function requireGone(
  reader: DirectoryReader,
  gone: readonly { dn: string; externalId: string }[],
  members: Members | undefined,
): Promise<void> {
  const step = Math.max(1, Math.floor(gone.length / lookedFor));
  for (let at = 0; at < gone.length; at += step) {
    const { dn, externalId } = gone[at]!;
    if (!(await reader.isStillThere({ dn, externalId }, members))) continue;
    throw new IncompleteRead(
      `The directory left out people who are still there, such as ${dn}; nothing was changed.`,
    );
  }
}

/** Throws `IncompleteRead` where a department that seems to be gone is still there. */
export async function requireDepartmentsGone(
  reader: DirectoryReader,
  gone: readonly { name: string; externalId: string }[],
): Promise<void> {
  const step = Math.max(1, Math.floor(gone.length / lookedFor));
  for (let at = 0; at < gone.length; at += step) {
    const { name, externalId } = gone[at]!;
    if (!(await reader.hasDepartment(externalId))) continue;
    throw new IncompleteRead(
      `The directory left out departments that are still there, such as ${name}; nothing was changed.`,
    );
  }
}

/** Throws `IncompleteRead` where a kind of entry that we know is missing altogether. */
export function requirePlausible(snapshot: Snapshot, current: Current): void {
  if (snapshot.people.length === 0) {
    throw new IncompleteRead(
      'The directory delivered nobody; is the base right, and may the account read it?',
    );
  }
  if (snapshot.departments.length === 0 && current.departments.some(({ active }) => active)) {
    throw new IncompleteRead(
      'The directory delivered no departments; is the base right, and may the account read it?',
    );
  }
}

/**
 * The container of all people and the container of all departments are units in LDAP but not in the organisation:
 * a top unit is left out when it only holds other units, or only people who have their posts elsewhere.
 * @param known those that are departments already, where not everybody was read who may have a post there
 */
export function withoutEmptyRoots(
  departments: ReadDepartment[],
  people: readonly ReadPerson[],
  known: ReadonlySet<string> = new Set(),
): ReadDepartment[] {
  const dns = new Set(departments.map(({ dn }) => dn));
  const named = new Set(
    people.flatMap(({ posts }) =>
      posts.map(({ department }) =>
        'dn' in department ? department.dn : department.externalId.replaceAll('-', ''),
      ),
    ),
  );
  return departments.filter(({ dn, externalId, parentDn }) => {
    const isTop = !dns.has(parentDn);
    return !isTop || named.has(dn) || named.has(externalId) || known.has(externalId);
  });
}
