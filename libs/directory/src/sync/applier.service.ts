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
  /** The place in the plan up to which somebody is at it, and the last one. */
  begun: number;
  last: number;
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
    const hasDepartments = await this.applyAll({ runId, sourceId, subject: 'department' }, problems);
    const hasPeople = await this.applyAll({ runId, sourceId, subject: 'person' }, problems);
    if (hasPeople) await this.recount.settleTerms();
    if (hasDepartments || hasPeople) await this.recount.recount();
    return { skipped: problems.length, problems };
  }

  /** @returns whether there was anything to do */
  private async applyAll(
    of: Pick<Part, 'runId' | 'sourceId' | 'subject'>,
    problems: SyncProblem[],
  ): Promise<boolean> {
    const planned = await this.store.planned(of.runId, of.subject);
    if (!planned) return false;
    const part = { ...of, begun: planned.first - 1, last: planned.last };
    // One works out its rows while the database works on those of the other; a department needs nothing worked out.
    const count = of.subject === 'person' ? 2 : 1;
    const lanes = await Promise.allSettled(
      Array.from({ length: count }, () => this.applyLane(part, problems)),
    );
    for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason;
    return true;
  }

  private async applyLane(part: Part, problems: SyncProblem[]): Promise<void> {
    while (part.begun < part.last) {
      const from = part.begun + 1;
      part.begun += rowsPerTransaction;
      const stretch = { ...part, from, to: part.begun };
      problems.push(...(await this.store.transaction((tx) => this.applyStretch(tx, stretch))));
      this.hints.publish('directory', 'changed');
    }
  }

  /** @returns what was left as it is */
  private async applyStretch(
    tx: Transaction,
    stretch: Part & { from: number; to: number },
  ): Promise<SyncProblem[]> {
    const changes = await this.store.take(tx, stretch);
    if (changes.length === 0) return [];
    const now = await this.now(changes, tx);
    const pending: Change[] = [];
    const skipped: PlacedChange[] = [];
    for (const change of changes) {
      const where = standing(change, now.get(change.subjectId));
      if (where === 'before') pending.push(change);
      else if (where === 'elsewhere') skipped.push(change);
    }
    const ordinals = skipped.map(({ ordinal }) => ordinal);
    if (skipped.length > 0) await this.store.skip(tx, stretch.runId, ordinals);
    const departments = pending.filter((change) => change.subject === 'department');
    const people = pending.filter(isPersonChange);
    if (departments.length > 0) await this.store.applyDepartments(tx, stretch.sourceId, departments);
    if (people.length > 0) await this.store.applyPeople(tx, stretch.sourceId, people);
    const message = 'It was changed otherwise since the plan was made, so it is left as it is.';
    return skipped.map(({ name }) => ({ kind: 'change.overtaken', subject: name, message }));
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
