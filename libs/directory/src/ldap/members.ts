import { createHash } from 'node:crypto';
import type { Entry } from 'ldapts';
import type { DirectorySourceSettings } from '#contracts';
import { foldText } from '../people/search-terms.js';
import { normalDn } from './distinguished-name.js';
import { all, first } from './mapping.js';

/** What an entry of a person has to be read with, so that it can be told whether they belong to a group. */
export const membershipAttributes = ({ kind, peopleGroups }: DirectorySourceSettings): string[] =>
  kind === 'active-directory' && peopleGroups.length > 0 ? ['primaryGroupID'] : [];

/** Who belongs to the groups of a source. */
export class Members {
  private readonly dns = new Set<string>();
  private readonly usernames = new Set<string>();
  /** Numbers of groups that are the first one of their members and do not list them. */
  private readonly primary = new Set<string>();

  constructor(private readonly usernameAttribute: string) {}

  add(group: Entry, members: Iterable<string>): void {
    for (const member of members) this.dns.add(member);
    for (const username of all(group, 'memberUid')) this.usernames.add(foldText(username));
    const sid = group['objectSid'];
    if (Buffer.isBuffer(sid) && sid.length >= 12) this.primary.add(String(sid.readUInt32LE(sid.length - 4)));
  }

  has(entry: Entry): boolean {
    if (this.dns.has(normalDn(entry.dn))) return true;
    if (this.primary.has(first(entry, 'primaryGroupID') ?? '')) return true;
    const username = this.usernames.size > 0 ? first(entry, this.usernameAttribute) : null;
    return username !== null && this.usernames.has(foldText(username));
  }

  get digest(): string {
    return digestOfSet([...this.dns, ...this.usernames, ...this.primary]);
  }
}

/** A short name of a set, whatever its order. */
const digestOfSet = (values: Iterable<string>): string =>
  createHash('sha256')
    .update([...values].sort().join('\n'))
    .digest('base64url')
    .slice(0, 22);
