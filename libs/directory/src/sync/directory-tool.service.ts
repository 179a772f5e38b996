import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import type { SyncChange, SyncRun } from '#contracts';
import { SourcesStore } from '../sources/sources.store.js';
import { Plans } from './plans.service.js';
import { ReadingsStore, type KnownPlace } from './readings.store.js';
import { RunsStore, type ListedRun } from './runs.store.js';
import { presentRun } from './sync-runs.service.js';
import { DirectorySync } from './sync.service.js';

/** A run that was made from the command line. */
export interface ToolRun {
  source: string;
  /** Absent where another process is synchronising the source. */
  run: SyncRun | undefined;
  /** The first ones of each kind. */
  changes: SyncChange[];
}

/** How a directory stands. */
export interface SourceStanding {
  name: string;
  kind: string;
  state: string;
  people: number;
  lookedAt: Date | null;
  lookFault: string | null;
  place: KnownPlace | undefined;
  /** The last complete run that has ended or waits. */
  last: SyncRun | undefined;
}

const kinds: SyncChange['change'][] = ['added', 'changed', 'enabled', 'disabled', 'gone'];
const sourcesAtMost = 100;

/** What whoever runs an installation asks from the command line. */
@Injectable()
export class DirectoryTool {
  constructor(
    private readonly sources: SourcesStore,
    private readonly runs: RunsStore,
    private readonly readings: ReadingsStore,
    private readonly sync: DirectorySync,
    private readonly plans: Plans,
    private readonly trail: AuditTrail,
  ) {}

  /**
   * Synchronises each source here and now; a dry run makes the plans and nothing else, of paused sources too.
   * @param each how many changes of each kind are told
   */
  async run(dry: boolean, each: number): Promise<ToolRun[]> {
    await this.trail.recordAlone({
      action: 'directory.sync_asked',
      details: { dry, from: 'the command line' },
    });
    const reports: ToolRun[] = [];
    for (const { id, name, state } of await this.sources.list(undefined, sourcesAtMost)) {
      if (state === 'paused' && !dry) continue;
      const kind = dry ? 'dry' : 'full';
      const hasRun = await this.sync.runSource(id, { kind });
      const run = hasRun ? await this.runs.latestOf(id, kind) : undefined;
      const changes = run ? await this.firstChanges(run, each) : [];
      reports.push({ source: name, run: run && presentRun(run), changes });
    }
    return reports;
  }

  async standings(): Promise<SourceStanding[]> {
    const latest = await this.runs.latest();
    const sources = await this.sources.list(undefined, sourcesAtMost);
    return Promise.all(
      sources.map(async ({ id, name, settings, state, people, lookedAt, lookFault }) => {
        const last = latest.find(({ sourceId }) => sourceId === id);
        return {
          ...{ name, kind: settings.kind, state, people, lookedAt, lookFault },
          place: await this.readings.place(id),
          last: last && presentRun(last),
        };
      }),
    );
  }

  private async firstChanges({ id }: ListedRun, each: number): Promise<SyncChange[]> {
    const lists = await Promise.all(kinds.map((change) => this.plans.list(id, { change, limit: each })));
    return lists.flatMap(({ items }) => items);
  }
}
