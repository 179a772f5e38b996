import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AccessModule } from '#access';
import { BlobsModule } from '#blobs';
import type { SyncChange, SyncRun } from '#contracts';
import { DirectoryTool, DirectoryToolModule, type SourceStanding, type ToolRun } from '#directory';
import { PersistenceModule } from '#persistence';
import { PlatformModule, readSettings, type Settings } from '#platform';
import { withDatabase } from './with-database.js';

@Module({ imports: [PersistenceModule, BlobsModule, AccessModule, DirectoryToolModule] })
class ToolModule {
  static with(settings: Settings): DynamicModule {
    return { module: ToolModule, imports: [PlatformModule.with(settings)] };
  }
}

/** What `chancery directory` ends with; the greatest one where several are due. */
export const directoryExit = { right: 0, failed: 1, stopped: 2, elsewhere: 3 };

/** Of each kind so many changes are printed; the console shows all of them. */
const changesShown = 5;
const problemsShown = 20;

/** Synchronises, or says what that would do. @returns the exit code */
export async function syncDirectory({ dryRun = false }: { dryRun?: boolean }): Promise<number> {
  const reports = await withTool((tool) => tool.run(dryRun, changesShown));
  if (reports.length === 0) print('There is no directory to synchronise.');
  for (const report of reports) printRun(report, dryRun);
  return Math.max(directoryExit.right, ...reports.map(exitOf));
}

/** Says how each directory stands. @returns the exit code */
export async function directoryStatus(): Promise<number> {
  const standings = await withTool((tool) => tool.standings());
  if (standings.length === 0) print('There is no directory.');
  for (const standing of standings) printStanding(standing);
  return Math.max(
    directoryExit.right,
    ...standings.map(({ last, lookFault }) => {
      if (last?.state === 'failed' || lookFault !== null) return directoryExit.failed;
      return last?.state === 'waiting' ? directoryExit.stopped : directoryExit.right;
    }),
  );
}

function exitOf({ run }: ToolRun): number {
  if (!run) return directoryExit.elsewhere;
  if (run.state === 'failed') return directoryExit.failed;
  return run.stops.length > 0 ? directoryExit.stopped : directoryExit.right;
}

async function withTool<T>(work: (tool: DirectoryTool) => Promise<T>): Promise<T> {
  const settings = readSettings();
  return withDatabase(settings, async (DATABASE_URL) => {
    const app = await NestFactory.createApplicationContext(ToolModule.with({ ...settings, DATABASE_URL }), {
      logger: false,
      abortOnError: false,
    });
    try {
      return await work(app.get(DirectoryTool));
    } finally {
      await app.close();
    }
  });
}

function printRun({ source, run, changes }: ToolRun, isDry: boolean): void {
  if (!run) {
    print(`${source}: another process is synchronising it; try again later.`);
    return;
  }
  if (run.state === 'failed') {
    print(`${source}: FAILED, nobody was changed. ${run.failure ?? ''}`);
    return;
  }
  const { counts } = run;
  print(`${source}: read ${counts.peopleRead} people and ${counts.departmentsRead} departments.`);
  print(`  ${isDry ? 'would change' : 'changed'}  ${sentenceOf(counts)}`);
  for (const { guard, subject, count, bound } of run.stops) {
    print(`  STOPPED  ${guard}${subject && ` of ${subject}`}: ${count}, and ${bound} pass by themselves`);
  }
  for (const change of changes) print(`  ${change.change.padEnd(8)}  ${lineOf(change)}`);
  if (run.problemCount > 0) print(`  problems  ${run.problemCount}`);
  for (const { kind, subject, message } of run.problems.slice(0, problemsShown)) {
    print(`  problem   ${kind}: ${subject}: ${message}`);
  }
}

const sentenceOf = (counts: SyncRun['counts']): string =>
  `people: ${counts.peopleAdded} new, ${counts.peopleChanged} changed, ${counts.peopleDisabled} disabled; ` +
  `departments: ${counts.departmentsAdded} new, ${counts.departmentsChanged} changed, ${counts.departmentsRemoved} removed`;

/** Names of what changes, and no values: terminals are logged and looked at by others. */
function lineOf({ subject, name, change, after }: SyncChange): string {
  const what = change === 'changed' ? ` (${Object.keys(after).join(', ')})` : '';
  return `${subject} ${name}${what}`;
}

function printStanding({
  name,
  kind,
  state,
  people,
  lookedAt,
  lookFault,
  place,
  last,
}: SourceStanding): void {
  print(`${name}: ${kind}, ${state}, ${people} active people`);
  print(`  complete run  ${last ? toldOf(last) : 'never'}`);
  print(`  last look     ${lookedAt?.toISOString() ?? 'never'}`);
  if (lookFault !== null) print(`  LOOK FAILED   ${lookFault}`);
  print(`  read up to    ${place ? `${place.mark} of ${place.server}` : 'everything is read next'}`);
}

const toldOf = ({ state, startedAt, failure, counts }: SyncRun): string =>
  state === 'failed'
    ? `FAILED at ${startedAt}, nobody was changed. ${failure ?? ''}`
    : `${state === 'waiting' ? 'STOPPED by a guard, waits for a second person' : state} since ${startedAt}: ${sentenceOf(counts)}`;

/** Names come from outside: whatever steers a terminal is left out. */
const print = (line: string) => process.stdout.write(`${line.replaceAll(/\p{Cc}/gu, '')}\n`);
