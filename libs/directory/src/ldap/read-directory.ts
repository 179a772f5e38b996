import type { Entry } from 'ldapts';
import type { DirectorySourceSettings, SyncProblem } from '#contracts';
import { Packed } from '../sync/packed.js';
import type { Current, Snapshot } from '../sync/plan.js';
import { IncompleteRead } from './incomplete-read.js';
import type { DirectoryReader } from './ldap-directory.js';
import {
  byteAttributes,
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
import { Recalled } from './recalled.js';

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
export type WholeSnapshot = ReadSnapshot & { place: Place | undefined; recalled: Recalled };

/**
 * Reads everything. Throws where any part of it could not be read.
 * @param before where the reading before had come to
 */
export async function readAll(
  reader: DirectoryReader,
  settings: DirectorySourceSettings,
  before?: Place,
): Promise<WholeSnapshot> {
  const start = await beginReading(reader, settings);
  const members = await readMembers(reader, settings);
  const problems: SyncProblem[] = [];
  const recalled = new Recalled(members?.digest ?? '');
  const departments = await readDepartments(reader, settings, problems, recalled);
  const people = new Packed<ReadPerson>();
  const named = new Set<string>();
  const reading = new PeopleReading(settings, problems);
  await reader.each(settings.peopleBases, settings.peopleFilter, wholeAttributes(settings), (received) => {
    const entry = received.read(byteAttributes);
    const person = (members?.has(entry) ?? true) ? reading.take(entry) : undefined;
    recalled.addPerson(received, entry, person?.stamp);
    if (!person) return;
    people.push(person);
    addNamed(named, person);
  });
  for (const subject of reader.unfollowed)
    problems.push({ kind: 'referral.not_followed', subject, message: notFollowed });
  recalled.unfollowed = reader.unfollowed.size;
  return {
    departments: withoutEmptyRoots(departments, named),
    seen: new Set(departments.map(({ externalId }) => externalId)),
    people,
    problems,
    unreadable: reading.requireReadable(),
    members,
    place: start && placeAfter(start, { stamps: [recalled.latest], members: recalled.members, before }),
    recalled,
  };
}

/** What is read of everybody. */
export const wholeAttributes = (settings: DirectorySourceSettings): string[] => [
  ...personAttributes(settings),
  ...membershipAttributes(settings),
];

/** Entries as people. */
class PeopleReading {
  private readonly unreadable: string[] = [];
  private count = 0;

  constructor(
    private readonly settings: DirectorySourceSettings,
    private readonly problems: SyncProblem[],
  ) {}

  /** @returns undefined for one that cannot be used */
  take(entry: Entry): ReadPerson | undefined {
    this.count += 1;
    const person = readPerson(entry, this.settings, (problem) => this.problems.push(problem));
    if (!person) this.unreadable.push(entry.dn);
    return person;
  }

  /** DNs of those that cannot be used. Throws `IncompleteRead` where they are too many. */
  requireReadable(): string[] {
    const { unreadable, count } = this;
    if (unreadable.length > Math.max(unusable.least, Math.floor(count * unusable.share))) {
      const example = this.problems.find(({ kind }) => kind === 'person.unusable');
      throw new IncompleteRead(
        `${unreadable.length} of ${count} people could not be read; may the account read every attribute? ` +
          `${example?.subject}: ${example?.message}`,
      );
    }
    return unreadable;
  }
}

/** People as their entries have them. Throws `IncompleteRead` where too many cannot be used. */
export function readPeople(
  entries: readonly Entry[],
  settings: DirectorySourceSettings,
  problems: SyncProblem[],
): { people: ReadPerson[]; unreadable: string[] } {
  const reading = new PeopleReading(settings, problems);
  const people = entries.map((entry) => reading.take(entry)).filter((person) => person !== undefined);
  return { people, unreadable: reading.requireReadable() };
}

export async function readDepartments(
  reader: DirectoryReader,
  settings: DirectorySourceSettings,
  problems: SyncProblem[],
  recalled?: Recalled,
): Promise<ReadDepartment[]> {
  const { departmentBases, departmentsFilter } = settings;
  const departments: ReadDepartment[] = [];
  await reader.each(departmentBases, departmentsFilter, departmentAttributes(settings), (received) => {
    recalled?.departments.add(received.digest);
    const entry = received.read(byteAttributes);
    const department = readDepartment(entry, settings, (problem) => problems.push(problem));
    if (department) departments.push(department);
  });
  return departments;
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
 * @param named what people's posts name, see `addNamed`
 * @param known those that are departments already, where not everybody was read who may have a post there
 */
export function withoutEmptyRoots(
  departments: ReadDepartment[],
  named: ReadonlySet<string>,
  known: ReadonlySet<string> = new Set(),
): ReadDepartment[] {
  const dns = new Set(departments.map(({ dn }) => dn));
  return departments.filter(({ dn, externalId, parentDn }) => {
    const isTop = !dns.has(parentDn);
    return !isTop || named.has(dn) || named.has(externalId) || known.has(externalId);
  });
}

/** Adds the departments of somebody's posts, by whatever names them. */
export function addNamed(named: Set<string>, { posts }: ReadPerson): void {
  for (const { department } of posts) {
    named.add('dn' in department ? department.dn : department.externalId.replaceAll('-', ''));
  }
}
