import type { Bench, Figure, Stage } from '../bench.js';
import { openDirects } from '../conversations.js';
import { Installation } from '../installation.js';
import type { SendingResult } from '../load/sending.js';
import { measured, onStage, processorNote, type Measured } from '../measurement.js';
import { seedHistory } from '../seeds/history.store.js';

/** Messages stored before it is measured, evenly over 84 monthly partitions. */
const steps = [100_000, 1_000_000, 10_000_000];
/** All are measured in turn, so often; the quietest turn of each counts, for what else the machine does is no cost of history. */
const turns = 3;
const connections = 500;
const messagesPerSecond = 1000;
const warmMs = 5000;
const people = 600;

type Run = Measured<SendingResult>;

export const history: Bench = {
  name: 'history',
  about: `latency and cost of a send with ${steps.map(told).join(', ')} stored messages in 84 months`,
  people: 1,
  run: async ({ options, tell }) => {
    // Installations of its own: what the other benchmarks left must not count.
    const stages: Stage[] = [];
    try {
      for (const step of steps) stages.push(await withHistory({ options, tell }, step));
      const runs: Run[][] = stages.map(() => []);
      for (let turn = 1; turn <= turns; turn += 1) {
        tell(`measuring, ${turn} of ${turns}`);
        for (const [i, stage] of stages.entries()) runs[i]!.push(await measureSends(stage));
      }
      const quietest = runs.map((own) => own.reduce((best, run) => (p50(run) < p50(best) ? run : best)));
      const cheapest = runs.map((own) => Math.min(...own.map(cost)));
      return {
        figures: [
          ...steps.flatMap((step, i) => figuresOf(step, quietest[i]!, cheapest[i]!)),
          ...growth(quietest, cheapest),
        ],
        notes: quietest.map((run, i) => processorNote(`the run at ${told(steps[i]!)}`, run)),
      };
    } finally {
      for (const { installation } of stages) await installation.remove();
    }
  },
};

function told(step: number): string {
  return step.toLocaleString('en');
}

async function withHistory({ options, tell }: Omit<Stage, 'installation'>, step: number): Promise<Stage> {
  tell(`writing a history of ${told(step)} messages`);
  const installation = await Installation.make(people);
  try {
    const ids = installation.people.map(({ id }) => id);
    await installation.once('history', ({ database }) => seedHistory(database, ids, step));
    return { installation, options, tell };
  } catch (error) {
    await installation.remove();
    throw error;
  }
}

function measureSends(stage: Stage): Promise<Run> {
  return onStage(stage, connections, {}, async (scene) => {
    const { server, load, people: senders } = scene;
    const conversations = await openDirects(server, senders);
    // No sync: what old messages say is nothing that could be opened.
    await load.do('connect', { target: { port: server.port, tls: false }, people: senders, sync: false });
    const plan = {
      conversations,
      shares: { direct: 1 },
      warmMs,
      measureMs: stage.options.seconds * 1000,
      seed: 7,
      perSecond: messagesPerSecond,
    };
    return measured(stage, scene, () => load.do('openLoop', plan));
  });
}

const p50 = ({ result }: Run): number => result.ackLatency.p50;

/** Processor time of server and database for a message, in microseconds. */
const cost = ({ time, result }: Run): number => ((time.server + time.postgres) / result.ackedInAll) * 1e6;

function figuresOf(step: number, run: Run, cheapest: number): Figure[] {
  return [
    { name: `acknowledged at ${told(step)}, p50`, value: p50(run), unit: 'ms' },
    { name: `acknowledged at ${told(step)}, p99`, value: run.result.ackLatency.p99, unit: 'ms' },
    { name: `processor time of a message at ${told(step)}`, value: cheapest, unit: 'µs' },
  ];
}

function growth(runs: Run[], costs: number[]): Figure[] {
  const latencies = p50(runs.at(-1)!) / p50(runs[0]!);
  return [
    { name: 'p50, the last by the first', value: latencies, unit: '×', must: 1.5, isLess: true },
    {
      name: 'processor time, the last by the first',
      value: costs.at(-1)! / costs[0]!,
      unit: '×',
      must: 1.25,
      isLess: true,
    },
  ];
}
