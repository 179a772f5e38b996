import type { SyncStop } from '#contracts';
import { foldText } from '../people/search-terms.js';
import { isPersonChange, type Change, type PersonChange, type PersonValues } from './changes.js';
import type { Current, KnownPerson } from './plan.js';

/** How much a plan may do before a second person has to look at it. */
const bounds = {
  /** People disabled or lost: so many, or this share of all, whichever is more. */
  losses: { least: 5, share: 0.02 },
  /** The same of each department with everything below it, once it has more people than `least`. */
  departmentLosses: { least: 50, share: 0.2 },
  departmentsRemoved: { least: 5, share: 0.02 },
  /** An attribute that disappears from so many looks like a right that was lost. */
  attributeLosses: { least: 50, share: 0.2 },
  conflicts: { least: 5, share: 0.01 },
};

const clearable = ['email', 'phone', 'mobile', 'staffNumber', 'givenName', 'title', 'departmentId'] as const;

const boundOf = ({ least, share }: { least: number; share: number }, of: number) =>
  Math.max(least, Math.floor(of * share));

/** Why a plan must not pass by itself; empty for one that may. */
export function findStops(
  changes: Change[],
  current: Current,
  protectedIds: ReadonlySet<string>,
): SyncStop[] {
  const active = current.people.filter((person) => person.active);
  if (active.length === 0) return [];
  const people = changes.filter(isPersonChange);
  const lost = people.filter(isLoss);
  const lostIds = new Set(lost.map(({ subjectId }) => subjectId));
  return [
    ...over('losses', lost.length, boundOf(bounds.losses, active.length)),
    ...departmentStops(active, current, lostIds),
    ...removedStops(changes, current),
    ...attributeStops(people, active.length),
    ...lost
      .filter(({ subjectId }) => protectedIds.has(subjectId))
      .map(({ name }) => ({ guard: 'protected' as const, count: 1, bound: 0, subject: name })),
    ...rootStops(changes, current),
    ...over(
      'conflicts',
      findConflicts(people, current.people).length,
      boundOf(bounds.conflicts, active.length),
    ),
  ];
}

export const isLoss = ({ before, after }: PersonChange): boolean => before?.active === true && !after.active;

const over = (guard: SyncStop['guard'], count: number, bound: number, subject = ''): SyncStop[] =>
  count > bound ? [{ guard, count, bound, subject }] : [];

function departmentStops(active: KnownPerson[], current: Current, lost: ReadonlySet<string>): SyncStop[] {
  if (lost.size === 0) return [];
  const byId = new Map(current.departments.map((department) => [department.id, department]));
  const totals = new Map<string, { people: number; lost: number }>();
  for (const { id, departmentId } of active) {
    const seen = new Set<string>();
    for (let at = departmentId; at !== null && !seen.has(at); at = byId.get(at)?.parentId ?? null) {
      seen.add(at);
      const total = totals.get(at) ?? { people: 0, lost: 0 };
      total.people += 1;
      if (lost.has(id)) total.lost += 1;
      totals.set(at, total);
    }
  }
  const { least, share } = bounds.departmentLosses;
  return [...totals]
    .filter(([, { people }]) => people > least)
    .flatMap(([id, total]) =>
      over('department_losses', total.lost, Math.floor(total.people * share), byId.get(id)?.name ?? id),
    );
}

function removedStops(changes: Change[], current: Current): SyncStop[] {
  const removed = changes.filter(({ subject, change }) => subject === 'department' && change === 'gone');
  const active = current.departments.filter((department) => department.active);
  return over('departments_removed', removed.length, boundOf(bounds.departmentsRemoved, active.length));
}

function attributeStops(people: PersonChange[], active: number): SyncStop[] {
  const bound = boundOf(bounds.attributeLosses, active);
  const has = (values: PersonValues, name: (typeof clearable)[number]) => values[name] !== null;
  return clearable.flatMap((name) => {
    const cleared = people.filter(
      ({ before, after }) => before !== null && after.active && has(before, name) && !has(after, name),
    );
    return over('attribute_losses', cleared.length, bound, name);
  });
}

/** The top of the organisation does not change by itself. */
function rootStops(changes: Change[], current: Current): SyncStop[] {
  const isRoot = ({ active, parentId }: { active: boolean; parentId: string | null }) =>
    active && parentId === null;
  const before = current.departments.filter(isRoot).length;
  if (before === 0) return [];
  let after = before;
  for (const change of changes) {
    if (change.subject !== 'department') continue;
    if (change.before && isRoot(change.before)) after -= 1;
    if (isRoot(change.after)) after += 1;
  }
  return after === before ? [] : [{ guard: 'roots', count: after, bound: before, subject: '' }];
}

/** People who take a user name that another active person of the source has, or had until now. */
export function findConflicts(people: PersonChange[], known: KnownPerson[]): PersonChange[] {
  const holder = new Map(known.filter(({ active }) => active).map((one) => [one.usernameKey, one.id]));
  return people.filter(({ before, after, subjectId }) => {
    const key = foldText(after.username);
    if (before && foldText(before.username) === key) return false;
    const other = holder.get(key);
    return other !== undefined && other !== subjectId;
  });
}
