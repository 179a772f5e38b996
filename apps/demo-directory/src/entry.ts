import { avatarOf } from './avatar.js';
import {
  baseDn,
  type DnKey,
  dnKeyOfText,
  escapeDnValue,
  mailDomain,
  organisationDn,
  peopleDn,
} from './distinguished-name.js';
import type { Organisation, Person } from './organisation.js';
import { attributeKey } from './schema.js';

export type Value = string | Buffer;

/** One object of the tree. Attributes are asked for one by one, so that a page of 1,000 people draws no photo in vain. */
export interface Entry {
  readonly dn: string;
  readonly key: DnKey;
  /** Keys of the attributes it may have. */
  readonly attributes: readonly string[];
  /** Empty when the entry does not have the attribute. */
  read(attribute: string): readonly Value[];
}

/** The moment at which things came into the directory, in LDAP's spelling. */
export interface Chronicle {
  arrivalOf(person: number): string;
}

const personClasses = ['top', 'person', 'organizationalPerson', 'inetOrgPerson', 'chanceryPerson'];
const departmentClasses = ['top', 'organizationalUnit'];

const personAttributes = (
  'objectclass uid cn displayname sn givenname mail telephonenumber mobile employeenumber title manager jpegphoto ' +
  'departmentnumber chancerypost chanceryrank pwdaccountlockedtime entryuuid createtimestamp modifytimestamp'
).split(' ');
const departmentAttributes = 'objectclass ou chanceryorder entryuuid createtimestamp modifytimestamp'.split(
  ' ',
);

/** pwdAccountLockedTime with this value means locked until an administrator unlocks it. */
export const lockedForGood = '000001010000Z';

export function personDn(uid: string): string {
  return `uid=${uid},${peopleDn}`;
}

export function employeeNumber(person: number): string {
  return `D${String(person + 1).padStart(7, '0')}`;
}

export class PersonEntry implements Entry {
  readonly attributes = personAttributes;
  readonly dn: string;
  #person: Person | undefined;

  constructor(
    private readonly organisation: Organisation,
    private readonly index: number,
    private readonly uuid: string,
    private readonly chronicle: Chronicle,
    private readonly photos: Map<number, Buffer>,
  ) {
    this.dn = personDn(organisation.uid(index));
  }

  get key(): DnKey {
    return this.dn;
  }

  read(attribute: string): readonly Value[] {
    if (attribute === 'objectclass') return personClasses;
    const value = this.#value(attribute);
    if (value === undefined) return [];
    return typeof value === 'string' || Buffer.isBuffer(value) ? [value] : value;
  }

  #value(attribute: string): Value | readonly string[] | undefined {
    const person = (this.#person ??= this.organisation.person(this.index));
    const { name, uid, posts } = person;
    switch (attribute) {
      case 'uid':
        return uid;
      case 'cn':
        return name.alias ? [name.display, name.alias] : name.display;
      case 'displayname':
        return name.display;
      case 'sn':
        return name.surname;
      case 'givenname':
        return name.given;
      case 'mail':
        return `${uid}@${mailDomain}`;
      // No exchange and no carrier of China hands out numbers that begin like these two.
      case 'telephonenumber':
        return `+86 10 00${sixDigits(person.index)}`;
      case 'mobile':
        return `+86 100 00${sixDigits(person.index)}`;
      case 'employeenumber':
        return employeeNumber(person.index);
      case 'title':
        return posts[0].title;
      case 'chanceryrank':
        return String(posts[0].rank);
      case 'departmentnumber':
        return this.organisation.departmentUuid(posts[0].department);
      case 'chancerypost':
        return posts.map(
          ({ department, title, order }) =>
            `${this.organisation.departmentUuid(department)};${title};${order}`,
        );
      case 'manager':
        return person.manager === undefined ? undefined : personDn(this.organisation.uid(person.manager));
      case 'jpegphoto':
        return person.hasPhoto ? this.#photo() : undefined;
      case 'pwdaccountlockedtime':
        return person.disabled ? lockedForGood : undefined;
      case 'entryuuid':
        return this.uuid;
      case 'createtimestamp':
      case 'modifytimestamp':
        return this.chronicle.arrivalOf(this.index);
      default:
        return undefined;
    }
  }

  #photo(): Buffer {
    const drawn = this.photos.get(this.index) ?? avatarOf(this.organisation.seed, this.index);
    this.photos.set(this.index, drawn);
    return drawn;
  }
}

/** An entry with all its values in memory: containers, departments, and everything changed by hand. */
export class StoredEntry implements Entry {
  readonly key: DnKey;
  readonly #values: ReadonlyMap<string, readonly Value[]>;

  constructor(
    readonly dn: string,
    values: Iterable<readonly [name: string, values: readonly Value[]]>,
  ) {
    this.key = dnKeyOfText(dn) ?? dn;
    this.#values = new Map([...values].map(([name, list]) => [attributeKey(name), list]));
  }

  get attributes(): readonly string[] {
    return [...this.#values.keys()];
  }

  read(attribute: string): readonly Value[] {
    return this.#values.get(attribute) ?? [];
  }
}

/** The departments in the order of their index, each below the entry of its parent. */
export function departmentEntries(organisation: Organisation, chronicle: Chronicle): StoredEntry[] {
  const dns: string[] = [];
  return organisation.departments.map(({ index, name, parent, order }) => {
    const above = parent === undefined ? organisationDn : (dns[parent] ?? organisationDn);
    const dn = `ou=${escapeDnValue(name)},${above}`;
    dns.push(dn);
    const founded = chronicle.arrivalOf(organisation.headOf(index));
    const values = [
      departmentClasses,
      [name],
      [String(order)],
      [organisation.departmentUuid(index)],
      [founded],
      [founded],
    ];
    return new StoredEntry(
      dn,
      departmentAttributes.map((attribute, place) => [attribute, values[place] ?? []]),
    );
  });
}

export const rootDse = new StoredEntry('', [
  ['objectClass', ['top']],
  ['namingContexts', [baseDn]],
  ['supportedControl', ['1.2.840.113556.1.4.319']],
  ['supportedLDAPVersion', ['3']],
  ['vendorName', ['Chancery demo directory']],
]);

function sixDigits(index: number): string {
  return String(index + 1).padStart(6, '0');
}
