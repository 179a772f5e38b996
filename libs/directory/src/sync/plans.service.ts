import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import type { Page, SyncChange } from '#contracts';
import { decodeCursor, toPage } from '#persistence';
import { AppError, canonicalJson, type Principal } from '#platform';
import { ChangesStore } from './changes.store.js';
import { csvLine } from './csv.js';
import type { SyncChangeRow } from './sync-change.entity.js';
import { RunsStore, type ListedRun } from './runs.store.js';

const linesAtOnce = 1000;
/** Values that say nothing to people. */
const inner = new Set(['fingerprint', 'stamp', 'externalId']);

/** Plans as administrators look at them. */
@Injectable()
export class Plans {
  constructor(
    private readonly runs: RunsStore,
    private readonly changes: ChangesStore,
    private readonly trail: AuditTrail,
  ) {}

  /** Throws `directory.run_not_found`. */
  async list(
    runId: string,
    query: { cursor?: string | undefined; limit: number; change?: SyncChange['change'] | undefined },
  ): Promise<Page<SyncChange>> {
    await this.requireRun(runId);
    const [ordinal] = decodeCursor(query.cursor, 1) ?? [];
    const after = ordinal === undefined ? 0 : Number(ordinal);
    const rows = await this.changes.list(runId, { after, change: query.change, limit: query.limit + 1 });
    return toPage(rows, query.limit, (row) => [row.ordinal], presentChange);
  }

  /** The whole report as CSV, line by line. Throws `directory.run_not_found`. */
  async report(by: Principal, runId: string): Promise<AsyncGenerator<string>> {
    const run = await this.requireRun(runId);
    await this.trail.recordAlone({
      action: 'directory.report_downloaded',
      by,
      object: { kind: 'sync_run', id: runId },
    });
    return this.lines(run);
  }

  private async *lines(run: ListedRun): AsyncGenerator<string> {
    // Spreadsheets take UTF-8 for what it is only with this mark.
    yield `\uFEFF${csvLine(['section', 'name', 'value', 'before', 'after', 'state'])}`;
    for (const [name, value] of Object.entries(factsOf(run))) yield csvLine(['run', name, value]);
    for (const { guard, subject, count, bound } of run.stops)
      yield csvLine(['guard', guard, subject, bound, count]);
    for (const { kind, subject, message } of run.problems) yield csvLine(['problem', kind, subject, message]);
    let after = 0;
    for (;;) {
      const rows = await this.changes.list(run.id, { after, limit: linesAtOnce });
      for (const row of rows.map(presentChange)) {
        const values = [row.before, row.after].map((one) => (one === null ? '' : canonicalJson(one)));
        yield csvLine([row.subject, row.name, row.change, ...values, row.state]);
      }
      const last = rows.at(-1);
      if (!last) return;
      after = last.ordinal;
    }
  }

  private async requireRun(id: string): Promise<ListedRun> {
    const run = await this.runs.findListed(id);
    if (!run) throw new AppError('directory.run_not_found');
    return run;
  }
}

const factsOf = (run: ListedRun): Record<string, string | number> => ({
  id: run.id,
  source: run.source,
  kind: run.kind,
  state: run.state,
  startedAt: run.startedAt.toISOString(),
  finishedAt: run.finishedAt?.toISOString() ?? '',
  ...run.counts,
  problems: run.problemCount,
  skipped: run.skippedCount,
  readMs: run.readMs,
  applyMs: run.applyMs,
  failure: run.failure ?? '',
});

/** Only the values that change: the rest of a person is nobody's business here. */
function presentChange({ ordinal, subject, subjectId, name, change, before, after, state }: SyncChangeRow) {
  const differs = (key: string) =>
    !inner.has(key) && (before === null || canonicalJson(before[key]) !== canonicalJson(after[key]));
  const keys = Object.keys(after).filter(differs);
  const pick = (values: Record<string, unknown>) =>
    Object.fromEntries(keys.map((key) => [key, values[key] ?? null]));
  return {
    ...{ ordinal, subject, subjectId, name, change, state },
    before: before && pick(before),
    after: pick(after),
  };
}
