import { Injectable } from '@nestjs/common';
import type { SyncCounts, SyncProblem, SyncStop } from '#contracts';
import { logger } from '#platform';
import type { DirectoryReader } from '../ldap/ldap-directory.js';
import type { Place } from '../ldap/place.js';
import { readAgain, readOthers, type Reread } from '../ldap/read-again.js';
import { PartTooSmall } from '../ldap/read-changes.js';
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
import { isInPlace, type Change, type PersonChange, type PersonValues } from './changes.js';
import { ChangesStore } from './changes.store.js';
import { Findings } from './findings.js';
import type { Packed } from './packed.js';
import { pagesOf } from './pages-of.js';
import {
  makePlan,
  planAlone,
  type Current,
  type KnownPerson,
  type Plan,
  type PlannedPerson,
} from './plan.js';
import { ProtectedPeople } from './protected-people.js';
import { Recollections, type Reading } from './recollections.service.js';
import { RunsStore } from './runs.store.js';
import { planUndo } from './undo.js';

const log = logger('directory');

/** A plan as it is kept, and why it must not pass by itself. */
export interface Draft {
  changes: Packed<Change>;
  counts: SyncCounts;
  problems: SyncProblem[];
  stops: SyncStop[];
  /** Where the reading has come to that led to it. */
  place?: Place | undefined;
  /** What to remember of that reading once the plan is applied. */
  reading?: Reading;
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
    private readonly recollections: Recollections,
  ) {}

  /** Reads the whole directory and compares it. Throws what is wrong with it in a sentence. */
  async planAll(source: OpenSource, before?: Place): Promise<Draft> {
    const known = await this.recollections.of(source);
    try {
      if (known)
        return await source.directory.read((reader) => this.planAgain(source, { reader, known, before }));
    } catch (error) {
      if (!(error instanceof PartTooSmall)) throw error;
      log.info({ sourceId: source.row.id, why: error.message }, 'everything is compared');
    }
    return source.directory.read((reader) => this.planWhole(source, reader, before));
  }

  private async planWhole(source: OpenSource, reader: DirectoryReader, before?: Place): Promise<Draft> {
    const comparedAt = Date.now();
    const snapshot = await readAll(reader, source.row.settings, before);
    const current = await this.runs.current(source.row.id);
    requirePlausible(snapshot, current);
    const draft = await this.compare(source, { reader, snapshot, current }, current);
    const read = { people: snapshot.people.length, departments: snapshot.departments.length };
    const reading = { recalled: snapshot.recalled, read, problems: draft.problems, comparedAt };
    return { ...draft, place: snapshot.place, reading };
  }

  /**
   * Reads everything, and compares only the people whose entries say something else than the last time. Throws
   * `PartTooSmall` where anything follows from that for others.
   */
  private async planAgain(
    source: OpenSource,
    from: { reader: DirectoryReader; known: Reading; before: Place | undefined },
  ): Promise<Draft> {
    const { reader, known, before } = from;
    const reread = await readAgain(reader, source.row.settings, { recalled: known.recalled, before });
    const { recalled, place } = reread;
    if (reread.others.length === 0) {
      const found = new Findings({ departments: [], people: [] });
      const { problems } = known;
      const draft = { changes: found.changes, counts: found.counts(known.read), problems, stops: [] };
      return { ...draft, place, reading: { ...known, recalled } };
    }
    const current = await this.runs.current(source.row.id);
    const { found, problems } = await this.compareOthers(source, reread, current);
    const stops = found.stops(await this.protectedIds(source, current));
    if (stops.length > 0) throw new PartTooSmall('a guard stops what has changed');
    const dns = new Set(reread.others.map(({ dn }) => dn));
    const all = [...known.problems.filter(({ subject }) => !dns.has(subject)), ...problems];
    const draft = { changes: found.changes, counts: found.counts(known.read), problems: all, stops };
    return { ...draft, place, reading: { ...known, recalled, problems: all } };
  }

  private async compareOthers(
    source: OpenSource,
    reread: Reread,
    current: Current,
  ): Promise<{ found: Findings; problems: SyncProblem[] }> {
    const snapshot = readOthers(reread, source.row.settings, current);
    const managers = await this.managersOf(snapshot.people, current);
    const plan = planAlone(snapshot, current, managers);
    if (plan.departments.length > 0) throw new PartTooSmall('departments have changed');
    const found = new Findings(current);
    for await (const change of this.peopleChanges(plan.people)) {
      if (!isInPlace(change)) throw new PartTooSmall(`${change.after.dn} has another place`);
      found.add(change);
    }
    const unknown = plan.problems.find(({ kind }) => kind === 'manager.unknown');
    if (unknown) throw new PartTooSmall(`${unknown.subject} has another manager`);
    return { found, problems: [...plan.problems, ...found.conflicts] };
  }

  /** Those above some people, as we hold them. */
  private async managersOf(
    people: Iterable<{ externalId: string }>,
    current: Current,
  ): Promise<KnownPerson[]> {
    const wanted = new Set([...people].map(({ externalId }) => externalId));
    const ids = current.people.filter(({ externalId }) => wanted.has(externalId)).map(({ id }) => id);
    const above = new Set<string | null>();
    for (const page of pagesOf(ids)) {
      for (const { managerId } of (await this.changes.people(page)).values()) above.add(managerId);
    }
    return current.people.filter(({ id }) => above.has(id));
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
    const current = await this.runs.current(source.row.id);
    const found = new Findings(current);
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
      for (const change of part.changes) found.add(change);
      problems.push(...part.problems);
    }
    const stops = found.stops(await this.protectedIds(source, current));
    return { changes: found.changes, problems, counts: found.counts(), stops };
  }

  /** @param part of what we hold, what the snapshot is compared with */
  private async compare(source: OpenSource, read: ReadParts, part: Current): Promise<Draft> {
    const { reader, snapshot, current } = read;
    const plan = makePlan(snapshot, part);
    await requireGone(reader, plan.gone, snapshot.members);
    await requireDepartmentsGone(reader, unseenDepartments(plan, snapshot.seen));
    const found = new Findings(current);
    for (const change of plan.departments) found.add(change);
    for await (const change of this.peopleChanges(plan.people, plan.gone)) found.add(change);
    const counted = { people: snapshot.people.length, departments: snapshot.departments.length };
    return {
      changes: found.changes,
      counts: found.counts(counted),
      problems: [...plan.problems, ...found.conflicts],
      stops: found.stops(await this.protectedIds(source, current)),
    };
  }

  /** With what everybody was before. */
  private async *peopleChanges(
    people: Iterable<PlannedPerson>,
    gone: Iterable<KnownPerson> = [],
  ): AsyncGenerator<PersonChange> {
    for (const page of pagesOf(people)) {
      const before = await this.before(page.filter(({ change }) => change !== 'added'));
      for (const { id, change, after } of page) {
        const name = after.displayName;
        yield { subject: 'person', subjectId: id, name, change, before: before.get(id) ?? null, after };
      }
    }
    for (const page of pagesOf(gone)) {
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
