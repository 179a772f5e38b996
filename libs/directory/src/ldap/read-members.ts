import type { DirectorySourceSettings } from '#contracts';
import { normalDn } from './distinguished-name.js';
import { IncompleteRead } from './incomplete-read.js';
import type { DirectoryReader } from './ldap-directory.js';
import { all } from './mapping.js';
import { Members } from './members.js';

const groupFilter =
  '(|(objectClass=group)(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=groupOfMembers)' +
  '(objectClass=posixGroup))';
/** A name in `uniqueMember` may have a number behind it (RFC 4517 §3.3.21). */
const uniqueSuffix = /#'[01]*'B$/;

/**
 * The members of the groups of a source and of the groups in them, to any depth, each group once. Undefined where the
 * source has no groups. Throws `IncompleteRead` where one of its groups is missing.
 */
export async function readMembers(
  reader: DirectoryReader,
  { peopleGroups, attributes }: DirectorySourceSettings,
): Promise<Members | undefined> {
  if (peopleGroups.length === 0) return undefined;
  const members = new Members(attributes.username);
  const groups = await groupsAround(reader, peopleGroups);
  const seen = new Set<string>();
  const queue = [...peopleGroups];
  for (let at = 0; at < queue.length; at += 1) {
    const dn = queue[at]!;
    const key = normalDn(dn);
    if (seen.has(key)) continue;
    seen.add(key);
    const group = await reader.one(dn, groupFilter, ['member', 'uniqueMember', 'memberUid', 'objectSid']);
    if (!group) {
      throw new IncompleteRead(
        `The group ${dn} is not there; is its name right, and may the account read it?`,
      );
    }
    const names = [
      ...(await reader.valuesOf(group, 'member')),
      ...(await reader.valuesOf(group, 'uniqueMember')),
    ].map((name) => normalDn(name.replace(uniqueSuffix, '')));
    members.add(group, names);
    for (const name of names) {
      const nested = groups.get(name);
      if (nested !== undefined && !seen.has(name)) queue.push(nested);
    }
  }
  return members;
}

/** Every group of the directories that hold these, as the server writes its name, by its name in normal form. */
async function groupsAround(
  reader: DirectoryReader,
  peopleGroups: readonly string[],
): Promise<Map<string, string>> {
  const root = await reader.one('', '(objectClass=*)', ['namingContexts']);
  const contexts = root ? all(root, 'namingContexts') : [];
  const holders = new Set<string>();
  for (const group of peopleGroups) {
    const key = normalDn(group);
    const around = contexts.filter((context) => key.endsWith(`,${normalDn(context)}`));
    const nearest = around.sort((a, b) => b.length - a.length)[0];
    if (nearest === undefined)
      throw new IncompleteRead(`The group ${group} lies in no directory of the server.`);
    holders.add(nearest);
  }
  const groups = new Map<string, string>();
  for (const context of holders) {
    await reader.pages(context, groupFilter, ['1.1'], (entries) => {
      for (const { dn } of entries) groups.set(normalDn(dn), dn);
    });
  }
  return groups;
}
