import type { SyncCounts, SyncProblem, SyncStop } from '#contracts';
import type { Change, PersonChange } from './changes.js';
import { Tally } from './guards.js';
import { Packed } from './packed.js';
import type { Current } from './plan.js';
import { ChangeCount } from './undo.js';

/** The changes of a plan as they are found, and what they come to: gone through once, for there may be many. */
export class Findings {
  readonly changes = new Packed<Change>();
  /** People who take the user names of others. */
  readonly conflicts: SyncProblem[] = [];
  private readonly count = new ChangeCount();
  private readonly tally: Tally;

  constructor(current: Current) {
    this.tally = new Tally(current);
  }

  add(change: Change): void {
    this.changes.push(change);
    this.count.add(change);
    const isConflict = this.tally.add(change);
    if (isConflict) this.conflicts.push(conflictProblem(change as PersonChange));
  }

  /** @param read how many were read */
  counts(read?: { people: number; departments: number }): SyncCounts {
    return this.count.counts(read);
  }

  stops(protectedIds: ReadonlySet<string>): SyncStop[] {
    return this.tally.stops(protectedIds);
  }
}

function conflictProblem({ after, change }: PersonChange): SyncProblem {
  const who = change === 'added' ? 'A new entry' : 'The entry';
  const message = `${who} has the user name ${after.username} of somebody else; they stay two people.`;
  return { kind: 'person.username_taken', subject: after.dn, message };
}
