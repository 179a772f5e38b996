import type { Entry } from 'ldapts';
import type { DirectorySourceSettings, SyncProblem } from '#contracts';
import type { Current, Snapshot } from '../sync/plan.js';
import type { DirectoryReader } from './ldap-directory.js';
import { byteAttributes, departmentAttributes, readDepartment, stampOfEntry } from './mapping.js';
import type { Place } from './place.js';
import { PartTooSmall } from './read-changes.js';
import { addNamed, readPeople, wholeAttributes, withoutEmptyRoots } from './read-directory.js';
import { readMembers } from './read-members.js';
import { beginReading, placeAfter } from './read-start.js';
import { Recalled } from './recalled.js';
import type { ReceivedEntry } from './received-entry.js';

/** What a reading of everything has found that knew the one before. */
export interface Reread {
  /** Entries of people that say something else than before. */
  others: Entry[];
  /** All of them say what they said before. */
  departments: ReceivedEntry[];
  recalled: Recalled;
  place: Place | undefined;
}

/** From so many on, everything is compared. */
const othersAtMost = 5000;

/**
 * Reads everything and looks at what is another. Throws `PartTooSmall` where that concerns more than some people by
 * themselves, so that everything has to be compared.
 */
export async function readAgain(
  reader: DirectoryReader,
  settings: DirectorySourceSettings,
  known: { recalled: Recalled; before: Place | undefined },
): Promise<Reread> {
  const { before } = known;
  const start = await beginReading(reader, settings);
  const members = await readMembers(reader, settings);
  const recalled = new Recalled(members?.digest ?? '');
  if (recalled.members !== known.recalled.members) throw new PartTooSmall('the groups have changed');
  const departments = await sameDepartments(reader, settings, known.recalled);
  for (const { digest } of departments) recalled.departments.add(digest);
  recalled.addState({ dn: '' }, known.recalled.latest);
  recalled.expires = known.recalled.expires;
  const others: Entry[] = [];
  await reader.each(settings.peopleBases, settings.peopleFilter, wholeAttributes(settings), (received) => {
    const { digest } = received;
    recalled.people.add(digest);
    if (known.recalled.people.has(digest)) return;
    const entry = received.read(byteAttributes);
    recalled.addState(entry, stampOfEntry(entry, settings));
    if (others.push(entry) > othersAtMost) throw new PartTooSmall(`more than ${othersAtMost} have changed`);
  });
  if (recalled.people.size !== known.recalled.people.size)
    throw new PartTooSmall('somebody came or has left');
  if (reader.unfollowed.size !== known.recalled.unfollowed)
    throw new PartTooSmall('the referrals are others');
  recalled.unfollowed = reader.unfollowed.size;
  if (members && others.length > 0) throw new PartTooSmall('who has changed may belong to other groups');
  const stamps = [recalled.latest];
  const place = start && placeAfter(start, { stamps, members: recalled.members, before });
  return { others, departments, recalled, place };
}

async function sameDepartments(
  reader: DirectoryReader,
  settings: DirectorySourceSettings,
  recalled: Recalled,
): Promise<ReceivedEntry[]> {
  const same: ReceivedEntry[] = [];
  const { departmentBases, departmentsFilter } = settings;
  await reader.each(departmentBases, departmentsFilter, departmentAttributes(settings), (received) => {
    if (!recalled.departments.has(received.digest)) throw new PartTooSmall('departments have changed');
    same.push(received);
  });
  if (same.length !== recalled.departments.size) throw new PartTooSmall('departments have left');
  return same;
}

/**
 * What those say whose entries are others now, with the departments they may be in. Throws `PartTooSmall` where that
 * cannot be told of them alone.
 */
export function readOthers(
  { others, departments }: Reread,
  settings: DirectorySourceSettings,
  current: Current,
): Snapshot {
  const problems: SyncProblem[] = [];
  const { people, unreadable } = readPeople(others, settings, problems);
  if (unreadable.length > 0) throw new PartTooSmall(`${unreadable[0]} cannot be read any more`);
  const named = new Set<string>();
  for (const person of people) addNamed(named, person);
  const known = new Set(current.departments.flatMap((one) => (one.active ? one.externalId : [])));
  const read = departments
    .map((received) => readDepartment(received.read(byteAttributes), settings, () => {}))
    .filter((department) => department !== undefined);
  return { departments: withoutEmptyRoots(read, named, known), people, problems, unreadable };
}
