import type { SyncCounts, SyncProblem } from '#contracts';
import { isPersonChange, standing, type Change, type ChangeKind } from './changes.js';

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
export function countChanges(changes: Change[]): SyncCounts {
  const people = changes.filter(isPersonChange);
  const departments = changes.filter((change) => !isPersonChange(change));
  const count = (items: Change[], ...kinds: ChangeKind[]) =>
    items.filter(({ change }) => kinds.includes(change)).length;
  return {
    peopleRead: 0,
    departmentsRead: 0,
    peopleAdded: count(people, 'added'),
    peopleChanged: count(people, 'changed', 'enabled'),
    peopleDisabled: count(people, 'disabled', 'gone'),
    departmentsAdded: count(departments, 'added'),
    departmentsChanged: count(departments, 'changed', 'enabled', 'disabled'),
    departmentsRemoved: count(departments, 'gone'),
  };
}
