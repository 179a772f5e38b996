import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Topology } from '#testing';
import { reportOf } from './report.js';
import { playRound, type Outcome } from './round.js';

const mostMinutesOfRound = 3;
const topologies: readonly Topology[] = ['one', 'several'];

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    hours: { type: 'string' },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
    topology: { type: 'string' },
    clients: { type: 'string', default: '240' },
    only: { type: 'string', multiple: true },
  },
});

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Rounds one after the other, each on an installation of its own, so that an hour needs no more memory than a minute. */
async function main(): Promise<void> {
  const minutes =
    positive('minutes', values.hours === undefined ? values.minutes : values.hours) * (values.hours ? 60 : 1);
  const clients = positive('clients', values.clients);
  const chosen = topologies.filter((one) => values.topology === undefined || one === values.topology);
  if (chosen.length === 0) throw new Error(`--topology is ${topologies.join(' or ')}`);
  const passes = Math.ceil(minutes / chosen.length / mostMinutesOfRound);
  const each = minutes / chosen.length / passes;
  say(`Seed ${values.seed}`);
  let violations = 0;
  for (let pass = 0; pass < passes; pass += 1) {
    // The first pass has the seed as it was given, so that a later one can be played again alone.
    const seed = pass === 0 ? values.seed : `${values.seed}.${pass}`;
    for (const topology of chosen) {
      say(`\n${clients} clients, topology ${topology}, ${each.toFixed(1)} minutes`);
      say(
        `Again: npm run test:promises -- --seed ${seed} --topology ${topology} --minutes ${each} --clients ${clients}`,
      );
      const { only } = values;
      const outcome = await playRound({
        seed,
        topology,
        durationMs: each * 60_000,
        clients,
        tell: say,
        only,
      });
      say(reportOf(outcome));
      if (outcome.violations.length > 0) say(`What they were told: ${keep(outcome, `${seed}-${topology}`)}`);
      violations += outcome.violations.length + outcome.faults.length;
    }
  }
  say(violations === 0 ? '\nEvery promise held.' : `\nBroken: ${violations} times. Seed ${values.seed}`);
  process.exitCode = violations === 0 ? 0 : 1;
}

/** Writes down everything that the devices named in the evidence were told. @returns the file */
function keep({ history, violations }: Outcome, name: string): string {
  const evidence = violations.map((violation) => violation.evidence).join('\n');
  const file = join(tmpdir(), `chancery-promises-${name}.ndjson`);
  const named = history.devices.filter((device) => new RegExp(`${device.name}\\b`).test(evidence));
  writeFileSync(file, named.map((device) => `${JSON.stringify(device)}\n`).join(''));
  return file;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} takes a number above 0`);
  return value;
}

await main();
