import type { Entry } from 'ldapts';
import type { DirectorySourceSettings, SyncProblem } from '#contracts';
import type { Current } from '../sync/plan.js';
import { normalDn } from './distinguished-name.js';
import { EmptyBase, type DirectoryReader } from './ldap-directory.js';
import { departmentAttributes, externalIdOf, identityOf, type ReadPerson } from './mapping.js';
import { membershipAttributes, type Members } from './members.js';
import { changedSince, type Place } from './place.js';
import {
  addNamed,
  readDepartments,
  readPeople,
  wholeAttributes,
  withoutEmptyRoots,
  type ReadSnapshot,
} from './read-directory.js';

/** What cannot be told from a part of the directory, so that all of it has to be read. */
export class PartTooSmall extends Error {
  override readonly name = 'PartTooSmall';
}

/** From so many on it is quicker to read everything. */
const manyEntries = 1000;
/** Accounts that have expired are looked for from so long before the last look on; clocks differ. */
const expiryOverlapMs = 600_000;
const windowsEpochMs = 11_644_473_600_000;

/** Entries of people and departments that were changed since. Throws `PartTooSmall` where they are many. */
export async function readChanged(
  reader: DirectoryReader,
  settings: DirectorySourceSettings,
  since: Place,
): Promise<{ people: Entry[]; departments: Entry[] }> {
  const { kind, peopleBases, peopleFilter, departmentBases, departmentsFilter } = settings;
  const isChanged = kind === 'openldap' ? changedSince(since) : `(uSNChanged>=${afterUsn(since)})`;
  const ofPeople = kind === 'openldap' ? isChanged : `(|${isChanged}${hasExpired(since)})`;
  const attributes = wholeAttributes(settings);
  return {
    people: await few(reader, peopleBases, `(&${peopleFilter}${ofPeople})`, attributes),
    departments: await few(
      reader,
      departmentBases,
      `(&${departmentsFilter}${isChanged})`,
      departmentAttributes(settings),
    ),
  };
}

/** Identities of people whose entries Active Directory says it has deleted since. */
export async function readDeleted(
  reader: DirectoryReader,
  { kind }: DirectorySourceSettings,
  since: Place,
): Promise<string[]> {
  return kind === 'openldap' ? [] : reader.deletedSince(afterUsn(since));
}

const afterUsn = ({ mark }: Place): string => String(BigInt(mark) + 1n);

/** An account expires without a change of its entry. */
function hasExpired({ markedAt }: Place): string {
  const fileTime = (ms: number) => String(BigInt(Math.floor(ms) + windowsEpochMs) * 10_000n);
  const from = fileTime(markedAt.getTime() - expiryOverlapMs);
  return `(&(accountExpires>=${from})(accountExpires<=${fileTime(Date.now())}))`;
}

async function few(
  reader: DirectoryReader,
  bases: readonly string[],
  filter: string,
  attributes: string[],
): Promise<Entry[]> {
  const found = new Map<string, Entry>();
  for (const base of bases) {
    await reader.pages(base, filter, attributes, (entries) => {
      for (const entry of entries) found.set(entry.dn, entry);
      if (found.size > manyEntries) throw new PartTooSmall(`more than ${manyEntries} entries have changed`);
    });
  }
  return [...found.values()];
}

/** The identity of everybody who is there, and nothing else of them. */
export async function readIdentities(
  reader: DirectoryReader,
  settings: DirectorySourceSettings,
  members: Members | undefined,
): Promise<Set<string>> {
  const { peopleBases, peopleFilter, attributes } = settings;
  const wanted = [
    identityOf(settings),
    ...(members ? [attributes.username, ...membershipAttributes(settings)] : []),
  ];
  const found = new Set<string>();
  for (const base of peopleBases) {
    let count = 0;
    await reader.pages(base, peopleFilter, wanted, (entries) => {
      count += entries.length;
      for (const entry of entries) {
        const id = externalIdOf(entry, settings);
        if (id !== null && (members?.has(entry) ?? true)) found.add(id);
      }
    });
    if (count === 0) throw new EmptyBase(`${base} holds nobody who matches ${peopleFilter}.`);
  }
  return found;
}

/**
 * What a plan for some people needs: themselves, their superiors up to the top, and every department. A superior is read
 * again, so that a line of managers that leads back to itself is seen as in a complete reading.
 */
export async function readPart(
  reader: DirectoryReader,
  settings: DirectorySourceSettings,
  part: { entries: readonly Entry[]; members: Members | undefined; current: Current },
): Promise<ReadSnapshot> {
  const problems: SyncProblem[] = [];
  const read = readPeople(part.entries, settings, problems);
  const people = [
    ...read.people,
    ...(await readSuperiors(reader, settings, { ...part, people: read.people })),
  ];
  const known = new Set(part.current.departments.flatMap((one) => (one.active ? one.externalId : [])));
  const departments = await readDepartments(reader, settings, problems);
  const named = new Set<string>();
  for (const person of people) addNamed(named, person);
  return {
    departments: withoutEmptyRoots(departments, named, known),
    seen: new Set(departments.map(({ externalId }) => externalId)),
    people,
    unreadable: read.unreadable,
    problems,
    members: part.members,
  };
}

async function readSuperiors(
  reader: DirectoryReader,
  settings: DirectorySourceSettings,
  part: { people: readonly ReadPerson[]; members: Members | undefined; current: Current },
): Promise<ReadPerson[]> {
  const wanted = (people: readonly ReadPerson[]) => people.flatMap(({ managerDn }) => managerDn ?? []);
  const queue = wanted(part.people);
  if (queue.length === 0) return [];
  const known = new Map(part.current.people.map((person) => [normalDn(person.dn), person]));
  const seen = new Set(part.people.map(({ dn }) => normalDn(dn)));
  const superiors: ReadPerson[] = [];
  const attributes = wholeAttributes(settings);
  for (let at = 0; at < queue.length; at += 1) {
    const dn = queue[at]!;
    const person = known.get(dn);
    if (seen.has(dn) || !person) continue;
    seen.add(dn);
    if (seen.size > 2 * manyEntries) throw new PartTooSmall('more superiors than can be read one by one');
    const entry = await reader.one(person.dn, settings.peopleFilter, attributes);
    const isThere = entry !== undefined && (part.members?.has(entry) ?? true);
    if (!isThere && person.active) throw new PartTooSmall(`${person.dn} is elsewhere, and a superior`);
    const [superior] = isThere ? readPeople([entry], settings, []).people : [];
    if (!superior) continue;
    superiors.push(superior);
    queue.push(...wanted([superior]));
  }
  return superiors;
}
