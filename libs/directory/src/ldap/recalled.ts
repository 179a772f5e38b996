import type { Entry } from 'ldapts';
import { expiryOf } from './mapping.js';
import { timeOf } from './place.js';
import type { ReceivedEntry } from './received-entry.js';

/** What is remembered of a reading of everything: whether an entry is another one at the next, not what it says. */
export class Recalled {
  /** Digests of entries. */
  readonly departments = new Set<string>();
  readonly people = new Set<string>();
  /** Referrals that were not followed. */
  unfollowed = 0;
  /** The latest stamp of anybody; empty of nobody. */
  latest = '';
  /** When somebody is let in no more, although their entry stays the same. */
  expires = Infinity;
  private latestMs = 0;

  /** @param members digest of who belongs to the groups of the source */
  constructor(readonly members: string) {}

  addPerson(received: ReceivedEntry, entry: Entry, stamp?: string): void {
    this.people.add(received.digest);
    this.addState(entry, stamp ?? '');
  }

  addState(entry: Entry, stamp: string): void {
    const expires = expiryOf(entry);
    if (expires !== undefined && expires > Date.now()) this.expires = Math.min(this.expires, expires);
    const ms = timeOf(stamp) ?? 0;
    if (ms <= this.latestMs) return;
    this.latestMs = ms;
    this.latest = stamp;
  }
}
