import { normalDn } from '../ldap/distinguished-name.js';
import { foldText } from './search-terms.js';

/** Characters no user name of a directory has; a name with them is nobody's. */
const impossible = /\p{Cc}/u;

/**
 * Domains of a directory by its base, `dc=corp,dc=example,dc=cn`: its DNS name as in `user@corp.example.cn`, and the
 * first label as in `CORP\\user`, which is how Active Directory names it unless it was told otherwise.
 */
export function domainsOf(baseDn: string): string[] {
  const labels = normalDn(baseDn)
    .split(',')
    .filter((part) => part.startsWith('dc='))
    .map((part) => part.slice(3));
  return labels.length === 0 ? [] : [labels.join('.'), labels[0]!];
}

/**
 * The user name in what somebody typed: `user`, `user@domain` or `DOMAIN\\user`, folded. Undefined where the domain is
 * none of ours.
 * @param domains as people write them, in any case
 */
export function userNameIn(typed: string, domains: readonly string[]): string | undefined {
  const name = foldText(typed.trim());
  if (name === '' || impossible.test(name)) return undefined;
  const known = new Set(domains.map(foldText));
  const backslash = name.indexOf('\\');
  if (backslash !== -1) return known.has(name.slice(0, backslash)) ? name.slice(backslash + 1) : undefined;
  const at = name.lastIndexOf('@');
  return at > 0 && known.has(name.slice(at + 1)) ? name.slice(0, at) : name;
}
