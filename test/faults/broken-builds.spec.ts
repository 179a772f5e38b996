import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from '@jest/globals';
import { VariedBuild } from '#testing';
import { brokenBuilds, lazyPostgres, type BrokenBuild } from './broken-builds.js';
import type { Violation } from './checker.js';
import type { ClientClass } from './population/sdk-device.js';
import { playRound, type RoundOptions } from './round.js';

/** What is broken shows when two things meet; if they do not in one round, then in another one. */
const attempts = 3;
const short = { durationMs: 8000, clients: 36, actsPerSecond: 30, tell: () => {} };
const patienceMs = 240_000;

it.each(brokenBuilds)(
  'tells a build that $what',
  async ({ rule, variations, ...round }) => {
    const build = await VariedBuild.make(variations);
    try {
      expect(await violationsOf(build, round, rule)).toContain(rule);
    } finally {
      await build.remove();
    }
  },
  patienceMs,
);

it(
  'finds nothing wrong with the product under the same disturbances',
  async () => {
    const only = ['suite-0 killed', 'postgres killed', 'clients: connections cut'];
    const round: RoundOptions = { ...short, seed: 'whole', topology: 'one', postgres: lazyPostgres, only };
    const { violations, faults, disturbances } = await playRound({ ...round, durationMs: 20_000 });
    expect({ violations, faults }).toEqual({ violations: [], faults: [] });
    expect([...disturbances.keys()].sort()).toEqual(only.toSorted());
  },
  patienceMs,
);

/** The rules that were broken, in as many rounds as it takes. */
async function violationsOf(
  build: VariedBuild,
  { topology, postgres, disturbances }: Omit<BrokenBuild, 'rule' | 'variations'>,
  rule: string,
): Promise<string[]> {
  const { Client } = (await import(
    pathToFileURL(join(build.folder, 'dist/libs/client/src/index.js')).href
  )) as { Client: ClientClass };
  const found: Violation[] = [];
  for (let attempt = 1; attempt <= attempts && !found.some((one) => one.rule === rule); attempt += 1) {
    const round = { ...short, seed: `broken ${attempt}`, topology, postgres, only: disturbances };
    found.push(...(await playRound({ ...round, build, ClientClass: Client })).violations);
  }
  return [...new Set(found.map((one) => one.rule))];
}
