import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '#client';
import type { Topology, VariedBuild } from '#testing';
import { judge, type Violation } from './checker.js';
import { repertoireOf, type Disturbance } from './disturbances/disturbances.js';
import type { History } from './history.js';
import { Installation } from './installation.js';
import { Population } from './population/population.js';
import type { ClientClass } from './population/sdk-device.js';
import { Random } from './random.js';
import { scheduleOf } from './schedule.js';

export interface RoundOptions {
  seed: string;
  topology: Topology;
  durationMs: number;
  clients: number;
  /** What is told while it runs, line by line. */
  tell: (line: string) => void;
  build?: VariedBuild;
  ClientClass?: ClientClass;
  postgres?: Record<string, string>;
  /** Names of the only disturbances to choose from; all where absent. */
  only?: readonly string[];
}

export interface Outcome {
  history: History;
  violations: Violation[];
  /** Something of the test itself, or an error the SDK let out. */
  faults: unknown[];
  /** How often each disturbance came. */
  disturbances: Map<string, number>;
  notExercised: string[];
}

const personsDevices = 3;
const sendsPerClient = 0.3;

/** One installation and its people from the beginning to the end: everything that goes wrong, then the judgement. */
export async function playRound(options: RoundOptions): Promise<Outcome> {
  const { seed, topology, clients, build, postgres, ClientClass = Client } = options;
  const people = Math.max(6, Math.ceil(clients / personsDevices));
  const random = new Random(`${seed} ${topology}`);
  const installation = await Installation.start({ topology, people, build, postgres });
  let population: Population | undefined;
  try {
    const [front, ...doors] = installation.ways.map(({ port }) => `http://127.0.0.1:${port}`);
    population = await Population.gather({
      ClientClass,
      front: front!,
      doors,
      sureWay: installation.world.address,
      tokens: await installation.tokens(people),
      clients,
      random,
      sendsPerSecond: clients * sendsPerClient,
    });
    const storm = new Storm(installation, random.stream('disturbances'), options);
    await Promise.all([population.live(options.durationMs), storm.rage()]);
    await storm.calm();
    await population.settle();
    const history = await population.history();
    const { disturbances, notExercised } = storm;
    return { history, violations: judge(history), faults: population.faults, disturbances, notExercised };
  } finally {
    population?.close();
    await installation.stop();
  }
}

/** Disturbances one after the other, sometimes two at once. */
class Storm {
  readonly disturbances = new Map<string, number>();
  readonly notExercised: string[];
  private readonly repertoire: Map<string, Disturbance>;
  private readonly began = performance.now();

  constructor(
    private readonly installation: Installation,
    private readonly random: Random,
    private readonly options: RoundOptions,
  ) {
    const { disturbances, notExercised } = repertoireOf(installation);
    this.notExercised = notExercised;
    const { only } = options;
    const chosen = disturbances.filter(({ name }) => !only || only.includes(name));
    if (only && chosen.length !== only.length)
      throw new Error(`not all of these can be done: ${only.join(', ')}`);
    this.repertoire = new Map(chosen.map((one) => [one.name, one]));
  }

  async rage(): Promise<void> {
    for (const { afterMs, forMs, names } of scheduleOf([...this.repertoire.keys()], this.random)) {
      const left = this.options.durationMs - (performance.now() - this.began);
      if (left < afterMs) return;
      await pause(afterMs);
      const chosen = names.map((name) => this.repertoire.get(name)!);
      this.tell(`${names.join(' + ')}, for ${(forMs / 1000).toFixed(1)} s`);
      for (const one of chosen) await one.begin();
      await pause(forMs);
      await Promise.all(chosen.map((one) => one.end()));
      for (const name of names) this.disturbances.set(name, (this.disturbances.get(name) ?? 0) + 1);
      await this.mend();
    }
  }

  /** Everything is as it should be. */
  async calm(): Promise<void> {
    await this.mend();
    this.tell('everything is left alone; everybody comes back');
  }

  private async mend(): Promise<void> {
    const ended = await this.installation.mend();
    if (ended.length > 0) this.tell(`had ended and was started again: ${ended.join(', ')}`);
  }

  private tell(line: string): void {
    const seconds = ((performance.now() - this.began) / 1000).toFixed(1);
    this.options.tell(`${seconds.padStart(7)} s  ${line}`);
  }
}
