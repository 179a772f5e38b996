import type { SyncStop } from '#contracts';
import { foldText } from '../people/search-terms.js';
import { isPersonChange, type Change, type DepartmentChange, type PersonChange } from './changes.js';
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

/** What guards have to know of the changes of a plan, change by change. */
export class Tally {
  private readonly active: KnownPerson[];
  private readonly isTaken: (change: PersonChange) => boolean;
  private readonly lost: PersonChange[] = [];
  private readonly cleared = new Map<string, number>();
  private readonly departments: DepartmentChange[] = [];
  private conflicts = 0;

  constructor(private readonly current: Current) {
    this.active = current.people.filter((person) => person.active);
    this.isTaken = conflictsWith(this.active);
  }

  /** @returns whether somebody takes the user name of somebody else */
  add(change: Change): boolean {
    if (!isPersonChange(change)) {
      this.departments.push(change);
      return false;
    }
    if (isLoss(change)) this.lost.push(change);
    const isConflict = this.isTaken(change);
    if (isConflict) this.conflicts += 1;
    for (const name of clearable) {
      const isCleared = change.after.active && change.before?.[name] != null && change.after[name] === null;
      if (isCleared) this.cleared.set(name, (this.cleared.get(name) ?? 0) + 1);
    }
    return isConflict;
  }

  /** Why a plan must not pass by itself; empty for one that may. */
  stops(protectedIds: ReadonlySet<string>): SyncStop[] {
    const { active, current, lost, departments } = this;
    if (active.length === 0) return [];
    const lostIds = new Set(lost.map(({ subjectId }) => subjectId));
    const attributeBound = boundOf(bounds.attributeLosses, active.length);
    return [
      ...over('losses', lost.length, boundOf(bounds.losses, active.length)),
      ...departmentStops(active, current, lostIds),
      ...removedStops(departments, current),
      ...clearable.flatMap((name) =>
        over('attribute_losses', this.cleared.get(name) ?? 0, attributeBound, name),
      ),
      ...lost
        .filter(({ subjectId }) => protectedIds.has(subjectId))
        .map(({ name }) => ({ guard: 'protected' as const, count: 1, bound: 0, subject: name })),
      ...rootStops(departments, current),
      ...over('conflicts', this.conflicts, boundOf(bounds.conflicts, active.length)),
    ];
  }
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

function removedStops(departments: DepartmentChange[], current: Current): SyncStop[] {
  const removed = departments.filter(({ change }) => change === 'gone');
  const active = current.departments.filter((department) => department.active);
  return over('departments_removed', removed.length, boundOf(bounds.departmentsRemoved, active.length));
}

/** The top of the organisation does not change by itself. */
function rootStops(departments: DepartmentChange[], current: Current): SyncStop[] {
  const isRoot = ({ active, parentId }: { active: boolean; parentId: string | null }) =>
    active && parentId === null;
  const before = current.departments.filter(isRoot).length;
  if (before === 0) return [];
  let after = before;
  for (const change of departments) {
    if (change.before && isRoot(change.before)) after -= 1;
    if (isRoot(change.after)) after += 1;
  }
  return after === before ? [] : [{ guard: 'roots', count: after, bound: before, subject: '' }];
}

/** Whether somebody takes a user name that another active person of the source has, or had until now. */
function conflictsWith(active: readonly KnownPerson[]): (change: PersonChange) => boolean {
  const holder = new Map(active.map((one) => [one.usernameKey, one.id]));
  return ({ before, after, subjectId }) => {
    if (holder.size === 0) return false;
    const key = foldText(after.username);
    if (before && foldText(before.username) === key) return false;
    const other = holder.get(key);
    return other !== undefined && other !== subjectId;
  };
}
