import { Injectable } from '@nestjs/common';
import type { SyncProblem } from '#contracts';
import type { Recalled } from '../ldap/recalled.js';
import type { OpenSource } from '../sources/sources.service.js';
import { RunsStore } from './runs.store.js';

/** What a reading of everything has found, and when everything was last compared. */
export interface Reading {
  recalled: Recalled;
  read: { people: number; departments: number };
  problems: SyncProblem[];
  comparedAt: number;
}

interface Recollection extends Reading {
  /** Of the settings it was read with. */
  digest: string;
  /** The last run of the source that changed anything: what other processes do is seen by it. */
  lastRun: string | undefined;
}

/** However little has changed, everything is compared this often. */
const comparedMs = 3_600_000;
/** More of them are not worth the memory. */
const problemsAtMost = 1000;

/**
 * What this process remembers of each source, so that a complete run has to look into those entries only that say
 * something else. Without it a run costs more and finds the same.
 */
@Injectable()
export class Recollections {
  private readonly kept = new Map<string, Recollection>();

  constructor(private readonly runs: RunsStore) {}

  /** Undefined where what was read the last time is not what we hold. */
  async of({ row, digest }: OpenSource): Promise<Reading | undefined> {
    const known = this.kept.get(row.id);
    if (!known) return undefined;
    const ends = Math.min(known.comparedAt + comparedMs, known.recalled.expires);
    const isSame = known.digest === digest && Date.now() < ends;
    return isSame && (await this.runs.lastChanging(row.id)) === known.lastRun ? known : undefined;
  }

  /** After all of what was read was taken over. */
  async keep({ row, digest }: OpenSource, reading: Reading): Promise<void> {
    const isDoubtful =
      reading.problems.length > problemsAtMost ||
      reading.problems.some(({ kind }) => kind === 'person.doubled' || kind === 'person.unusable');
    if (isDoubtful) this.kept.delete(row.id);
    else this.kept.set(row.id, { ...reading, digest, lastRun: await this.runs.lastChanging(row.id) });
  }

  /** After a run of this process that changed nobody's place: those entries are looked into once more. */
  follow(sourceId: string, before: string | undefined, runId: string): void {
    const known = this.kept.get(sourceId);
    if (known && known.lastRun === before) known.lastRun = runId;
  }
}
