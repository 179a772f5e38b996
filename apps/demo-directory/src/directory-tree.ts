import {
  baseDn,
  type DnKey,
  foldText,
  isWithin,
  mailDomain,
  organisationDn,
  peopleDn,
  serviceAccountDn,
  servicesDn,
} from './distinguished-name.js';
import {
  type Chronicle,
  departmentEntries,
  employeeNumber,
  type Entry,
  PersonEntry,
  personDn,
  StoredEntry,
} from './entry.js';
import type { Organisation } from './organisation.js';
import { stableUuid } from './stable-uuid.js';

/** A stretch of positions, `end` excluded. */
export type Stretch = readonly [start: number, end: number];

/**
 * The whole directory as a numbered row of entries: containers, departments, people, what was added by hand. An entry keeps
 * its position for as long as the process lives and a position is never used again, so a reader can stop and resume anywhere.
 */
export class DirectoryTree {
  readonly #fixed: readonly StoredEntry[];
  readonly #peopleStart: number;
  readonly #peopleEnd: number;
  readonly #fixedByKey: ReadonlyMap<DnKey, number>;
  readonly #personByUid: ReadonlyMap<string, number>;
  readonly #positionByUuid = new Map<string, number>();
  readonly #uuids: string[] = [];
  readonly #photos = new Map<number, Buffer>();
  /** Entries as they were written by hand; undefined where one was deleted. */
  readonly #written = new Map<number, StoredEntry | undefined>();
  #end: number;

  constructor(
    readonly organisation: Organisation,
    private readonly chronicle: Chronicle,
  ) {
    const departments = departmentEntries(organisation, chronicle);
    this.#fixed = [...containers(organisation, chronicle), ...departments];
    this.#peopleStart = this.#fixed.length;
    this.#peopleEnd = this.#peopleStart + organisation.people;
    this.#end = this.#peopleEnd;
    this.#fixedByKey = new Map(this.#fixed.map((entry, position) => [entry.key, position]));
    this.#personByUid = new Map(organisation.uids.map((uid, index) => [uid, index]));
    for (const [position, entry] of this.#fixed.entries()) {
      const [uuid] = entry.read('entryuuid');
      if (uuid) this.#positionByUuid.set(String(uuid), position);
    }
    for (let index = 0; index < organisation.people; index += 1) {
      const uuid = organisation.personUuid(index);
      this.#uuids.push(uuid);
      this.#positionByUuid.set(uuid, this.#peopleStart + index);
    }
  }

  at(position: number): Entry | undefined {
    if (this.#written.has(position)) return this.#written.get(position);
    const index = this.personAt(position);
    if (index === undefined) return this.#fixed[position];
    const uuid = this.#uuids[index] ?? '';
    return new PersonEntry(this.organisation, index, uuid, this.chronicle, this.#photos);
  }

  find(key: DnKey): Entry | undefined {
    const position = this.positionOf(key);
    return position === undefined ? undefined : this.at(position);
  }

  positionOf(key: DnKey): number | undefined {
    for (const [position, entry] of this.#written) {
      if (entry?.key === key) return position;
    }
    const fixed = this.#fixedByKey.get(key) ?? this.#personPosition(key);
    return fixed === undefined || this.#written.has(fixed) ? undefined : fixed;
  }

  /** Which of the generated people stands at this position. */
  personAt(position: number): number | undefined {
    const isPerson = position >= this.#peopleStart && position < this.#peopleEnd;
    return isPerson ? position - this.#peopleStart : undefined;
  }

  /** The stretches that can hold entries at or below `base`. */
  stretchesBelow(base: DnKey): Stretch[] {
    const people: Stretch[] = touchesPeople(base) ? [[this.#peopleStart, this.#peopleEnd]] : [];
    return [[0, this.#peopleStart], ...people, [this.#peopleEnd, this.#end]];
  }

  /** Positions that may hold this value, ascending; undefined when there is no index on the attribute. */
  lookUp(attribute: string, value: string): number[] | undefined {
    const found = this.#lookUpGenerated(attribute, foldText(value));
    if (found === undefined) return undefined;
    const positions = new Set([...found, ...this.#written.keys()]);
    return [...positions].sort((a, b) => a - b);
  }

  /** Puts a hand-written entry in place of the one at `position`, or deletes that one. */
  write(position: number, entry: StoredEntry | undefined): void {
    this.#written.set(position, entry);
  }

  append(entry: StoredEntry): void {
    this.#written.set(this.#end, entry);
    this.#end += 1;
  }

  #lookUpGenerated(attribute: string, value: string): number[] | undefined {
    switch (attribute) {
      case 'uid':
        return this.#personNamed(value);
      case 'mail':
        return value.endsWith(`@${mailDomain}`)
          ? this.#personNamed(value.slice(0, -mailDomain.length - 1))
          : [];
      case 'employeenumber': {
        const index = Number(value.slice(1)) - 1;
        const isNumber = employeeNumber(index).toLowerCase() === value && index < this.organisation.people;
        return isNumber ? [this.#peopleStart + index] : [];
      }
      case 'entryuuid': {
        const position = this.#positionByUuid.get(value);
        return position === undefined ? [] : [position];
      }
      default:
        return undefined;
    }
  }

  #personNamed(uid: string): number[] {
    const index = this.#personByUid.get(uid);
    return index === undefined ? [] : [this.#peopleStart + index];
  }

  #personPosition(key: DnKey): number | undefined {
    const uid = key.slice('uid='.length, -peopleDn.length - 1);
    return personDn(uid) === key ? this.#personNamed(uid)[0] : undefined;
  }
}

function containers(organisation: Organisation, chronicle: Chronicle): StoredEntry[] {
  const opened = chronicle.arrivalOf(0);
  const container = (dn: string, values: Record<string, string[]>) =>
    new StoredEntry(dn, [
      ...Object.entries(values),
      ['entryUUID', [stableUuid(organisation.seed, dn)]],
      ['createTimestamp', [opened]],
      ['modifyTimestamp', [opened]],
    ]);
  const unit = (dn: string, ou: string) =>
    container(dn, { objectClass: ['top', 'organizationalUnit'], ou: [ou] });
  return [
    container(baseDn, {
      objectClass: ['top', 'dcObject', 'organization'],
      dc: ['mofd'],
      o: [organisation.department(0).name, 'Ministry of Demonstration'],
    }),
    unit(organisationDn, 'organisation'),
    unit(peopleDn, 'people'),
    unit(servicesDn, 'services'),
    container(serviceAccountDn, {
      objectClass: ['top', 'applicationProcess'],
      cn: ['directory-sync'],
      description: ['Reads the directory for synchronisation.'],
    }),
  ];
}

/** True when people lie at, below or above `base`. */
function touchesPeople(base: DnKey): boolean {
  return isWithin(base, peopleDn) || isWithin(peopleDn, base);
}
