import { Client } from '#client';
import type { Topology, VariedBuild } from '#testing';
import { judge, type Violation } from './checker.js';
import type { History } from './history.js';
import { Installation } from './installation.js';
import { Population } from './population/population.js';
import type { ClientClass } from './population/sdk-device.js';
import { Random } from './random.js';
import { Storm, type StormOptions } from './storm.js';

export interface RoundOptions extends StormOptions {
  seed: string;
  topology: Topology;
  clients: number;
  /** What all of them together begin in a second. */
  actsPerSecond?: number;
  build?: VariedBuild;
  ClientClass?: ClientClass;
  postgres?: Record<string, string>;
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
const actsPerClient = 0.15;

/** One installation and its people from the beginning to the end: everything that goes wrong, then the judgement. */
export async function playRound(options: RoundOptions): Promise<Outcome> {
  const { seed, topology, clients, build, postgres, ClientClass = Client } = options;
  const people = Math.max(6, Math.ceil(clients / personsDevices));
  const random = new Random(`${seed} ${topology}`);
  const installation = await Installation.start({ topology, people, build, postgres });
  let population: Population | undefined;
  const interrupted = () => void installation.stop().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
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
      actsPerSecond: options.actsPerSecond ?? clients * actsPerClient,
    });
    const storm = new Storm(installation, random.stream('disturbances'), options);
    await Promise.all([population.live(options.durationMs), storm.rage()]);
    await storm.calm();
    await population.settle();
    const history = await population.history();
    const { disturbances, notExercised } = storm;
    return { history, violations: judge(history), faults: population.faults, disturbances, notExercised };
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    population?.close();
    await installation.stop();
  }
}
