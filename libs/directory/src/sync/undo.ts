import type { SyncCounts, SyncProblem } from '#contracts';
import { standing, type Change, type ChangeKind } from './changes.js';

/** The plan that takes changes back. */
export interface UndoPlan {
  changes: Change[];
  /** What was changed otherwise since, and is left as it is. */
  problems: SyncProblem[];
}

/** @param now what each subject is at this moment, by its id */
export function planUndo(done: Change[], now: ReadonlyMap<string, Change['after']>): UndoPlan {
  const changes: Change[] = [];
  const problems: SyncProblem[] = [];
  for (const change of done) {
    const isAsLeft = standing(change, now.get(change.subjectId)) === 'after';
    if (isAsLeft) changes.push(reverse(change));
    else {
      const message = 'It was changed since, so it is left as it is.';
      problems.push({ kind: 'undo.changed_since', subject: change.name, message });
    }
  }
  return { changes, problems };
}

function reverse(change: Change): Change {
  const { before, after } = change;
  const values = before ?? { ...after, active: false };
  const name = 'displayName' in values ? values.displayName : values.name;
  const kind = kindOf(after.active, values.active, before === null);
  return { ...change, name, change: kind, before: after, after: values } as Change;
}

function kindOf(was: boolean, is: boolean, isNew: boolean): ChangeKind {
  if (isNew) return 'gone';
  if (was === is) return 'changed';
  return is ? 'enabled' : 'disabled';
}

/** What changes do, in numbers. */
export class ChangeCount {
  private readonly counted = new Map<string, number>();

  add({ subject, change }: Change): void {
    const key = `${subject} ${change}`;
    this.counted.set(key, (this.counted.get(key) ?? 0) + 1);
  }

  counts(read = { people: 0, departments: 0 }): SyncCounts {
    return {
      peopleRead: read.people,
      departmentsRead: read.departments,
      peopleAdded: this.of('person', 'added'),
      peopleChanged: this.of('person', 'changed', 'enabled'),
      peopleDisabled: this.of('person', 'disabled', 'gone'),
      departmentsAdded: this.of('department', 'added'),
      departmentsChanged: this.of('department', 'changed', 'enabled', 'disabled'),
      departmentsRemoved: this.of('department', 'gone'),
    };
  }

  private of(subject: Change['subject'], ...kinds: ChangeKind[]): number {
    return kinds.reduce((sum, kind) => sum + (this.counted.get(`${subject} ${kind}`) ?? 0), 0);
  }
}
