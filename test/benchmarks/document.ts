import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { installationFolder } from '#platform';
import { markdown, type Report } from './report.js';

const page = join(installationFolder, 'docs', 'performance.md');
const begin = '<!-- measured: written by npm run bench -- --document -->';
const end = '<!-- /measured -->';

/** Puts what was measured into the page about performance; the words around it stay. */
export async function writeDocument(report: Report): Promise<void> {
  const text = await readFile(page, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${page} has no place for measurements`);
  const whole = [before, begin, '\n\n', markdown(report), '\n\n', end, after].join('');
  await writeFile(page, await format(whole, { ...(await resolveConfig(page)), filepath: page }));
}

/** Results of several runs on one machine as one, in the order given; of a benchmark that ran twice the later counts. */
export async function readReports(files: readonly string[]): Promise<Report> {
  const reports = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(file, 'utf8')) as Report),
  );
  const benches = new Map(
    reports.flatMap((report) => report.benches.map((bench) => [bench.name, bench] as const)),
  );
  const last = reports.at(-1);
  if (!last) throw new Error('no result was named');
  return { machine: last.machine, benches: [...benches.values()] };
}
