import { Injectable } from '@nestjs/common';
import type { SyncProblem } from '#contracts';
import { Hints, type Transaction } from '#persistence';
import { isPersonChange, standing, type Change } from './changes.js';
import { ChangesStore, type PlacedChange } from './changes.store.js';
import { RecountStore } from './recount.store.js';

/** Rows of a transaction: nobody waits long for the head of the log. */
const rowsPerTransaction = 500;

export interface Applied {
  skipped: number;
  problems: SyncProblem[];
}

/** What of a plan is applied by itself. */
interface Part {
  runId: string;
  sourceId: string;
  subject: Change['subject'];
}

/**
 * Does the changes of a plan in bounded transactions. What was done already is seen and not done again, and what was
 * changed otherwise since the plan was made is left alone, so it may be cut short anywhere and begun again.
 */
@Injectable()
export class Applier {
  constructor(
    private readonly store: ChangesStore,
    private readonly recount: RecountStore,
    private readonly hints: Hints,
  ) {}

  async apply(runId: string, sourceId: string): Promise<Applied> {
    const problems: SyncProblem[] = [];
    const all = (subject: Change['subject']) => this.applyAll({ runId, sourceId, subject }, problems);
    const departments = await all('department');
    // One works out its rows while the database works on those of the other.
    const lanes = await Promise.allSettled([all('person'), all('person')]);
    for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason;
    const people = lanes.map((lane) => (lane.status === 'fulfilled' ? lane.value : 0));
    if (departments + people[0]! + people[1]! > 0) await this.recount.recount();
    return { skipped: problems.length, problems };
  }

  private async applyAll(part: Part, problems: SyncProblem[]): Promise<number> {
    let all = 0;
    for (;;) {
      const count = await this.store.transaction((tx) => this.applyNext(tx, part, problems));
      if (count === 0) return all;
      all += count;
      this.hints.publish('directory', 'changed');
    }
  }

  private async applyNext(tx: Transaction, part: Part, problems: SyncProblem[]): Promise<number> {
    const { runId, sourceId, subject } = part;
    const changes = await this.store.nextPlanned(tx, { runId, subject, limit: rowsPerTransaction });
    if (changes.length === 0) return 0;
    const now = await this.now(changes, tx);
    const pending: Change[] = [];
    const skipped: PlacedChange[] = [];
    for (const change of changes) {
      const where = standing(change, now.get(change.subjectId));
      if (where === 'before') pending.push(change);
      else if (where === 'elsewhere') skipped.push(change);
    }
    const departments = pending.filter((change) => change.subject === 'department');
    const people = pending.filter(isPersonChange);
    if (departments.length > 0) await this.store.applyDepartments(tx, sourceId, departments);
    if (people.length > 0) await this.store.applyPeople(tx, sourceId, people);
    const isSkipped = new Set(skipped.map(({ ordinal }) => ordinal));
    const done = changes.map(({ ordinal }) => ordinal).filter((ordinal) => !isSkipped.has(ordinal));
    await this.store.mark(tx, runId, done, 'applied');
    await this.store.mark(tx, runId, [...isSkipped], 'skipped');
    for (const { name } of skipped) {
      const message = 'It was changed otherwise since the plan was made, so it is left as it is.';
      problems.push({ kind: 'change.overtaken', subject: name, message });
    }
    return changes.length;
  }

  /** What the subjects of changes are at this moment, by their ids; with a transaction, until its end. */
  async now(changes: Change[], tx?: Transaction): Promise<Map<string, Change['after']>> {
    const idsOf = (subject: Change['subject']) =>
      changes.filter((change) => change.subject === subject).map(({ subjectId }) => subjectId);
    const [people, departments] = [idsOf('person'), idsOf('department')];
    const now = new Map<string, Change['after']>();
    if (people.length > 0)
      for (const [id, values] of await this.store.people(people, tx)) now.set(id, values);
    if (departments.length > 0) {
      for (const [id, values] of await this.store.departments(departments, tx)) now.set(id, values);
    }
    return now;
  }
}
