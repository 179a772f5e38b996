import { ldapSearch, type FoundEntry, type LdapQuestion } from './ldap-search.js';

/** What an office is, by the identities of its entries in hexadecimal digits. */
export interface Office {
  departments: Record<string, { name: string; parent: string | null }>;
  people: Record<string, OfficePerson>;
}

interface OfficePerson {
  username: string;
  displayName: string;
  mail: string | null;
  title: string | null;
  phone: string | null;
  department: string | null;
  manager: string | null;
  active: boolean;
}

/** Where a kind of directory keeps what is compared. */
const kinds = {
  openldap: {
    identity: 'entryUUID',
    account: 'uid',
    people: '(objectClass=inetOrgPerson)',
    isActive: (entry: FoundEntry) => text(entry, 'nsAccountLock') !== 'true',
  },
  'active-directory': {
    identity: 'objectGUID',
    account: 'sAMAccountName',
    people: '(&(objectCategory=person)(objectClass=user))',
    isActive: (entry: FoundEntry) => (Number(text(entry, 'userAccountControl')) & 2) === 0,
  },
};

export type OfficeKind = keyof typeof kinds;

/** Asks `ldapsearch` what the office is, and puts it together without anything of the product. */
export async function readOffice(
  kind: OfficeKind,
  question: Omit<LdapQuestion, 'filter' | 'attributes'>,
): Promise<Office> {
  const { identity, account, people: filter, isActive } = kinds[kind];
  const ask = (wanted: string, attributes: string[]) =>
    ldapSearch({ ...question, filter: wanted, attributes: [identity, ...attributes] });
  const units = await ask('(objectClass=organizationalUnit)', ['ou']);
  const people = await ask(filter, [
    ...[account, 'displayName', 'mail', 'title', 'telephoneNumber', 'manager'],
    ...['nsAccountLock', 'userAccountControl'],
  ]);
  const idOf = (entry: FoundEntry) => identityOf(entry, identity);
  const unitIds = new Map(units.map((entry) => [entry.dn.toLowerCase(), idOf(entry)]));
  const personIds = new Map(people.map((entry) => [entry.dn.toLowerCase(), idOf(entry)]));
  const manager = (entry: FoundEntry) => personIds.get(text(entry, 'manager')?.toLowerCase() ?? '') ?? null;
  return {
    departments: Object.fromEntries(
      units.map((entry) => [
        idOf(entry),
        { name: text(entry, 'ou')!, parent: unitIds.get(above(entry.dn)) ?? null },
      ]),
    ),
    people: Object.fromEntries(
      people.map((entry) => [
        idOf(entry),
        {
          username: text(entry, account)!,
          displayName: text(entry, 'displayName')!,
          mail: text(entry, 'mail'),
          title: text(entry, 'title'),
          phone: text(entry, 'telephoneNumber'),
          department: unitIds.get(above(entry.dn)) ?? null,
          manager: manager(entry),
          active: isActive(entry),
        },
      ]),
    ),
  };
}

const above = (dn: string): string => /^(?:\\.|[^,\\])+,(.*)$/.exec(dn)![1]!.toLowerCase();

const text = ({ attributes }: FoundEntry, name: string): string | null =>
  attributes.get(name.toLowerCase())?.[0]?.toString() ?? null;

function identityOf({ dn, attributes }: FoundEntry, attribute: string): string {
  const [value] = attributes.get(attribute.toLowerCase()) ?? [];
  if (!value) throw new Error(`${dn} has no ${attribute}`);
  return attribute === 'objectGUID' ? value.toString('hex') : value.toString().replaceAll('-', '');
}
