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
import type { Change, PersonChange, PersonValues } from './changes.js';
import { ChangesStore } from './changes.store.js';
import { conflictsWith, findStops } from './guards.js';
import { Packed } from './packed.js';
import { makePlan, type Current, type Plan } from './plan.js';
import { ProtectedPeople } from './protected-people.js';
import { RunsStore } from './runs.store.js';
import { countChanges, planUndo } from './undo.js';

/** A plan as it is kept, and why it must not pass by itself. */
export interface Draft {
  changes: Packed<Change>;
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
  planAll(source: OpenSource, before?: Place): Promise<Draft> {
    return source.directory.read(async (reader) => {
      const snapshot = await readAll(reader, source.row.settings, before);
      const current = await this.runs.current(source.row.id);
      requirePlausible(snapshot, current);
      const draft = await this.compare(source, { reader, snapshot, current }, current);
      return { ...draft, place: snapshot.place };
    });
  }

  /** Compares some people with what we hold of them: those who were read, and those who are missing. */
  planPart(source: OpenSource, parts: ReadParts & { missing: ReadonlySet<string> }): Promise<Draft> {
    const { snapshot, current, missing } = parts;
    const read = new Set<string>();
    for (const { externalId } of snapshot.people) read.add(externalId);
    const people = current.people.filter(({ externalId: id }) => read.has(id) || missing.has(id));
    return this.compare(source, parts, { ...current, people });
  }

  /** What takes a run back. */
  async planUndo(source: OpenSource, undoneId: string): Promise<Draft> {
    const changes = new Packed<Change>();
    const problems: SyncProblem[] = [];
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
      for (const change of part.changes) changes.push(change);
      problems.push(...part.problems);
    }
    const current = await this.runs.current(source.row.id);
    const stops = findStops(changes, current, await this.protectedIds(source, current));
    return { changes, problems, counts: countChanges(changes), stops };
  }

  /** @param part of what we hold, what the snapshot is compared with */
  private async compare(source: OpenSource, read: ReadParts, part: Current): Promise<Draft> {
    const { reader, snapshot, current } = read;
    const plan = makePlan(snapshot, part);
    await requireGone(reader, plan.gone, snapshot.members);
    await requireDepartmentsGone(reader, unseenDepartments(plan, snapshot.seen));
    const changes = Packed.of<Change>(plan.departments);
    const problems: SyncProblem[] = [];
    const isConflict = conflictsWith(current.people.filter(({ active }) => active));
    for await (const change of this.peopleChanges(plan)) {
      changes.push(change);
      if (isConflict(change)) problems.push(conflictProblem(change));
    }
    return {
      changes,
      counts: {
        ...countChanges(changes),
        peopleRead: snapshot.people.length,
        departmentsRead: snapshot.departments.length,
      },
      problems: [...plan.problems, ...problems],
      stops: findStops(changes, current, await this.protectedIds(source, current)),
    };
  }

  /** With what everybody was before. */
  private async *peopleChanges(plan: Plan): AsyncGenerator<PersonChange> {
    for (const page of pagesOf(plan.people)) {
      const before = await this.before(page.filter(({ change }) => change !== 'added'));
      for (const { id, change, after } of page) {
        const name = after.displayName;
        yield { subject: 'person', subjectId: id, name, change, before: before.get(id) ?? null, after };
      }
    }
    for (const page of pagesOf(plan.gone)) {
      const all = await this.before(page);
      for (const { id } of page) {
        const before = all.get(id)!;
        const after = { ...before, active: false };
        yield { subject: 'person', subjectId: id, name: before.displayName, change: 'gone', before, after };
      }
    }
  }

  private async before(people: { id: string }[]): Promise<Map<string, PersonValues>> {
    if (people.length === 0) return new Map();
    return this.changes.people(people.map(({ id }) => id));
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

function conflictProblem({ after, change }: PersonChange): SyncProblem {
  const who = change === 'added' ? 'A new entry' : 'The entry';
  const message = `${who} has the user name ${after.username} of somebody else; they stay two people.`;
  return { kind: 'person.username_taken', subject: after.dn, message };
}

function* pagesOf<T>(items: Iterable<T>): Generator<T[]> {
  let page: T[] = [];
  for (const item of items) {
    page.push(item);
    if (page.length < peopleAtOnce) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
