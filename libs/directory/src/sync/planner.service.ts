import { Injectable } from '@nestjs/common';
import type { SyncCounts, SyncProblem, SyncStop } from '#contracts';
import type { DirectoryReader } from '../ldap/ldap-directory.js';
import type { Place } from '../ldap/place.js';
import {
  readAll,
  requireDepartmentsGone,
  requireGone,
  requirePlausible,
  type ReadSnapshot,
} from '../ldap/read-directory.js';
import { foldText } from '../people/search-terms.js';
import type { OpenSource } from '../sources/sources.service.js';
import { Applier } from './applier.service.js';
import { isPersonChange, type Change, type PersonChange } from './changes.js';
import { ChangesStore } from './changes.store.js';
import { findConflicts, findStops } from './guards.js';
import { makePlan, type Current, type Plan } from './plan.js';
import { ProtectedPeople } from './protected-people.js';
import { RunsStore } from './runs.store.js';
import { countChanges, planUndo } from './undo.js';

/** A plan as it is kept, and why it must not pass by itself. */
export interface Draft {
  changes: Change[];
  counts: SyncCounts;
  problems: SyncProblem[];
  stops: SyncStop[];
  /** Where the reading has come to that led to it. */
  place?: Place | undefined;
}

/** What a plan is made from. */
interface ReadParts {
  reader: DirectoryReader;
  snapshot: ReadSnapshot;
  current: Current;
}

const peopleAtOnce = 1000;

/** Makes plans; changes nothing. */
@Injectable()
export class Planner {
  constructor(
    private readonly runs: RunsStore,
    private readonly changes: ChangesStore,
    private readonly applier: Applier,
    private readonly protectedPeople: ProtectedPeople,
  ) {}

  /** Reads the whole directory and compares it. Throws what is wrong with it in a sentence. */
  planAll(source: OpenSource): Promise<Draft> {
    return source.directory.read(async (reader) => {
      const snapshot = await readAll(reader, source.row.settings);
      const current = await this.runs.current(source.row.id);
      requirePlausible(snapshot, current);
      const draft = await this.compare(source, { reader, snapshot, current }, current);
      return { ...draft, place: snapshot.place };
    });
  }

  /** Compares some people with what we hold of them: those who were read, and those who are missing. */
  planPart(source: OpenSource, parts: ReadParts & { missing: ReadonlySet<string> }): Promise<Draft> {
    const { snapshot, current, missing } = parts;
    const read = new Set(snapshot.people.map(({ externalId }) => externalId));
    const people = current.people.filter(({ externalId: id }) => read.has(id) || missing.has(id));
    return this.compare(source, parts, { ...current, people });
  }

  /** What takes a run back. */
  async planUndo(source: OpenSource, undoneId: string): Promise<Draft> {
    const undo: { changes: Change[]; problems: SyncProblem[] } = { changes: [], problems: [] };
    let after = 0;
    for (;;) {
      const done = await this.changes.applied(undoneId, after, peopleAtOnce);
      const last = done.at(-1);
      if (!last) break;
      after = last.ordinal;
      const part = planUndo(
        done.map(({ ordinal: _ordinal, ...change }) => change as Change),
        await this.applier.now(done),
      );
      undo.changes.push(...part.changes);
      undo.problems.push(...part.problems);
    }
    const current = await this.runs.current(source.row.id);
    const stops = findStops(undo.changes, current, await this.protectedIds(source, current));
    return { ...undo, counts: countChanges(undo.changes), stops };
  }

  /** @param part of what we hold, what the snapshot is compared with */
  private async compare(source: OpenSource, read: ReadParts, part: Current): Promise<Draft> {
    const { reader, snapshot, current } = read;
    const plan = makePlan(snapshot, part);
    await requireGone(reader, plan.gone, snapshot.members);
    await requireDepartmentsGone(reader, unseenDepartments(plan, snapshot.seen));
    const people = await this.peopleChanges(plan);
    const changes: Change[] = [...plan.departments, ...people];
    return {
      changes,
      counts: plan.counts,
      problems: [...plan.problems, ...conflictProblems(people, current)],
      stops: findStops(changes, current, await this.protectedIds(source, current)),
    };
  }

  /** With what everybody was before. */
  private async peopleChanges(plan: Plan): Promise<PersonChange[]> {
    const changes: PersonChange[] = [];
    const toChange = plan.people.filter(({ change }) => change !== 'added').map(({ id }) => id);
    const before = await this.before([...toChange, ...plan.gone.map(({ id }) => id)]);
    for (const { id, change, after } of plan.people) {
      const name = after.displayName;
      changes.push({ subject: 'person', subjectId: id, name, change, before: before.get(id) ?? null, after });
    }
    for (const { id } of plan.gone) {
      const values = before.get(id)!;
      const after = { ...values, active: false };
      const name = values.displayName;
      changes.push({ subject: 'person', subjectId: id, name, change: 'gone', before: values, after });
    }
    return changes;
  }

  private async before(ids: string[]) {
    const before = new Map<string, PersonChange['after']>();
    for (let at = 0; at < ids.length; at += peopleAtOnce) {
      const part = await this.changes.people(ids.slice(at, at + peopleAtOnce));
      for (const [id, values] of part) before.set(id, values);
    }
    return before;
  }

  private async protectedIds({ row }: OpenSource, current: Current): Promise<Set<string>> {
    const names = new Set(row.settings.protectedUsernames.map(foldText));
    const named = current.people.filter(({ usernameKey }) => names.has(usernameKey)).map(({ id }) => id);
    return new Set([...named, ...(await this.protectedPeople.ids())]);
  }
}

/** One that was seen and is let go holds nobody. */
const unseenDepartments = ({ departments }: Plan, seen: ReadonlySet<string>) =>
  departments
    .filter(({ change, after }) => change === 'gone' && !seen.has(after.externalId))
    .map(({ name, after: { externalId } }) => ({ name, externalId }));

function conflictProblems(people: PersonChange[], current: Current): SyncProblem[] {
  return findConflicts(people.filter(isPersonChange), current.people).map(({ after, change }) => {
    const who = change === 'added' ? 'A new entry' : 'The entry';
    const message = `${who} has the user name ${after.username} of somebody else; they stay two people.`;
    return { kind: 'person.username_taken', subject: after.dn, message };
  });
}
