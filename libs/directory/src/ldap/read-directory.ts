import type { DirectorySourceSettings, SyncProblem } from '#contracts';
import type { Current, Snapshot } from '../sync/plan.js';
import type { DirectoryReader } from './ldap-directory.js';
import {
  departmentAttributes,
  personAttributes,
  readDepartment,
  readPerson,
  type ReadDepartment,
  type ReadPerson,
} from './mapping.js';

/** A reading that looks like success and is not: nothing may follow from it. */
export class IncompleteRead extends Error {
  override readonly name = 'IncompleteRead';
}

/** Entries that cannot be used: so many, or this share of all, look like a right that was lost. */
const unusable = { least: 5, share: 0.01 };
/** How many of those who seem to be gone are looked for one by one. */
const lookedFor = 20;

/** Reads everything. Throws where any part of it could not be read. */
export async function readAll(reader: DirectoryReader, settings: DirectorySourceSettings): Promise<Snapshot> {
  const problems: SyncProblem[] = [];
  const departments = await readDepartments(reader, settings, problems);
  const { peopleBases, peopleFilter } = settings;
  const entries = await reader.all(peopleBases, peopleFilter, personAttributes(settings));
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
  return { departments: withoutEmptyRoots(departments, people), people, problems, unreadable };
}

async function readDepartments(
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

/** Throws `IncompleteRead` where somebody who seems to be gone is still there. */
export async function requireGone(
  reader: DirectoryReader,
  gone: readonly { dn: string; externalId: string }[],
): Promise<void> {
  const step = Math.max(1, Math.floor(gone.length / lookedFor));
  for (let at = 0; at < gone.length; at += step) {
    const { dn, externalId } = gone[at]!;
    if (!(await reader.isStillThere(dn, externalId))) continue;
    throw new IncompleteRead(
      `The directory left out people who are still there, such as ${dn}; nothing was changed.`,
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
 */
function withoutEmptyRoots(departments: ReadDepartment[], people: ReadPerson[]): ReadDepartment[] {
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
    return !isTop || named.has(dn) || named.has(externalId);
  });
}
