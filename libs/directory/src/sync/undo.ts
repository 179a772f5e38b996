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

/** What a list of changes does, in numbers. */
export function countChanges(changes: Iterable<Change>): SyncCounts {
  const counted = new Map<string, number>();
  for (const { subject, change } of changes) {
    const key = `${subject} ${change}`;
    counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  const count = (subject: Change['subject'], ...kinds: ChangeKind[]) =>
    kinds.reduce((sum, kind) => sum + (counted.get(`${subject} ${kind}`) ?? 0), 0);
  return {
    peopleRead: 0,
    departmentsRead: 0,
    peopleAdded: count('person', 'added'),
    peopleChanged: count('person', 'changed', 'enabled'),
    peopleDisabled: count('person', 'disabled', 'gone'),
    departmentsAdded: count('department', 'added'),
    departmentsChanged: count('department', 'changed', 'enabled', 'disabled'),
    departmentsRemoved: count('department', 'gone'),
  };
}
