import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench, Options } from './bench.js';
import { benches } from './benches/index.js';
import { readReports, writeDocument } from './document.js';
import { Installation } from './installation.js';
import { machineFacts } from './machine.js';
import { isGood, terminalTable, type Finished, type Report } from './report.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: 'artifacts/bench.json' },
    seconds: { type: 'string', default: '20' },
    people: { type: 'string' },
    profile: { type: 'boolean', default: false },
    'without-baseline': { type: 'boolean', default: false },
    document: { type: 'boolean', default: false },
    from: { type: 'string', multiple: true },
    help: { type: 'boolean', default: false },
  },
});

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const tell = (what: string): void =>
  void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${what}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void Installation.removeAll().finally(() => process.exit(1)));
}
if (values.help) say(help());
else if (values.from) await writeDocument(await readReports(values.from));
else await measure(chosen());

async function measure(wanted: readonly Bench[]): Promise<void> {
  const options: Options = {
    profile: values.profile,
    seconds: Number(values.seconds),
    people: values.people === undefined ? undefined : Number(values.people),
    withoutBaseline: values['without-baseline'],
  };
  const people = Math.max(...wanted.map((bench) => bench.people));
  tell(`setting up an installation of ${people} people`);
  const installation = await Installation.make(people);
  const report: Report = { machine: machineFacts(installation.facts), benches: [] };
  try {
    for (const bench of wanted) {
      const finished = await runOne(bench, installation, options);
      report.benches.push(finished);
      say(terminalTable(finished));
    }
  } finally {
    await installation.remove();
  }
  await mkdir(dirname(values.out), { recursive: true });
  await writeFile(values.out, `${JSON.stringify(report, null, 2)}\n`);
  if (values.document) await writeDocument(report);
  tell(`written to ${values.out}`);
  if (!isGood(report)) process.exitCode = 1;
}

/** What one of them finds wrong is its result, and the others run all the same. */
async function runOne(bench: Bench, installation: Installation, options: Options): Promise<Finished> {
  const { name, about } = bench;
  const from = Date.now();
  const seconds = () => Math.round((Date.now() - from) / 1000);
  try {
    const outcome = await bench.run({ installation, options, tell: (what) => tell(`${name}: ${what}`) });
    const notes = [...outcome.notes, ...installation.complaints.splice(0)];
    return { name, about, seconds: seconds(), ...outcome, notes };
  } catch (error) {
    return { name, about, seconds: seconds(), fault: error instanceof Error ? error.message : String(error) };
  }
}

function chosen(): Bench[] {
  const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
  if (unknown.length > 0) throw new Error(`there is no benchmark ${unknown.join(', ')}\n\n${help()}`);
  return positionals.length === 0 ? benches : benches.filter(({ name }) => positionals.includes(name));
}

function help(): string {
  return [
    'npm run bench -- [name ...] [options]; without names all of them',
    '',
    ...benches.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`),
    '',
    '  --seconds N         length of a measurement, 20',
    '  --people N          so many for directory in place of 100,000, and a fifth as many departments',
    '  --profile           tells where the time of the server goes, which costs some of it',
    '  --without-baseline  leaves out the build that everything is compared with',
    '  --out FILE          where the result goes, artifacts/bench.json',
    '  --document          puts the result into docs/performance.md',
    '  --from FILE         measures nothing and puts this result there; may be given several times',
  ].join('\n');
}
