import { type LdapDn, parseDN } from './ldap-wire.js';

export const baseDn = 'dc=mofd,dc=example';
export const organisationDn = `ou=organisation,${baseDn}`;
export const peopleDn = `ou=people,${baseDn}`;
export const servicesDn = `ou=services,${baseDn}`;
export const serviceAccountDn = `cn=directory-sync,${servicesDn}`;
export const mailDomain = 'mofd.example';

/** A DN in the one spelling in which two names of the same entry are equal. Commas inside values are never bare. */
export type DnKey = string;

/** Text as case-insensitive matching sees it. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replaceAll(/\s+/g, ' ');
}

export function dnKey(dn: LdapDn): DnKey {
  return render(dn, (name, value) => `${name.toLowerCase()}=${escapeDnValue(foldText(value))}`);
}

/** The DN as the server writes it: UTF-8 as it is, escapes only where RFC 4514 demands them. */
export function dnText(dn: LdapDn): string {
  return render(dn, (name, value) => `${name}=${escapeDnValue(value)}`);
}

/** Undefined when the text is no DN. */
export function dnKeyOfText(text: string): DnKey | undefined {
  try {
    return dnKey(parseDN(text));
  } catch {
    return undefined;
  }
}

/** Empty for a name without anything above it. */
export function parentKey(key: DnKey): DnKey {
  const comma = key.indexOf(',');
  return comma === -1 ? '' : key.slice(comma + 1);
}

export function isWithin(key: DnKey, base: DnKey): boolean {
  return key === base || (key.endsWith(base) && key[key.length - base.length - 1] === ',');
}

export function escapeDnValue(value: string): string {
  return value
    .replaceAll(/[",+;<>\\]/g, (sign) => `\\${sign.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replace(/^[ #]/, (sign) => `\\${sign}`)
    .replace(/ $/, '\\20');
}

function render(dn: LdapDn, pair: (name: string, value: string) => string): string {
  const names: string[] = [];
  for (let place = 0; place < dn.length; place += 1) {
    const rdn = dn.rdnAt(place);
    const pairs = [...rdn.keys()].map((name) => pair(name, String(rdn.getValue(name))));
    names.push(pairs.sort().join('+'));
  }
  return names.join(',');
}
