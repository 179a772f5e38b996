import type { Bench, Figure, Stage } from '../bench.js';
import { openDirects } from '../conversations.js';
import { Installation } from '../installation.js';
import type { SendingResult } from '../load/sending.js';
import { measured, onStage, processorNote, type Measured } from '../measurement.js';
import { seedHistory } from '../seeds/history.store.js';

/** Messages stored before each measurement, evenly over 84 monthly partitions. */
const steps = [100_000, 1_000_000, 10_000_000];
const connections = 500;
const messagesPerSecond = 1000;
const warmMs = 10_000;
const people = 600;

export const history: Bench = {
  name: 'history',
  about: `latency and cost of a send with ${steps.map((step) => step.toLocaleString('en')).join(', ')} stored messages in 84 months`,
  people: 1,
  run: async ({ options, tell }) => {
    // An installation of its own: what the other benchmarks left must not count.
    const installation = await Installation.make(people);
    const stage: Stage = { installation, options, tell };
    try {
      const runs: Measured<SendingResult>[] = [];
      for (const [i, step] of steps.entries()) {
        tell(`writing history up to ${step.toLocaleString('en')} messages`);
        await grow(stage, step - (steps[i - 1] ?? 0));
        tell('measuring');
        runs.push(await measureSends(stage));
      }
      const figures = runs.flatMap((run, i) => figuresOf(run, steps[i]!));
      figures.push(...growth(runs));
      return {
        figures,
        notes: runs.map((run, i) => processorNote(`the run at ${steps[i]!.toLocaleString('en')}`, run)),
      };
    } finally {
      await installation.remove();
    }
  },
};

function grow({ installation }: Stage, count: number): Promise<void> {
  return installation.once(`history of ${count}`, async ({ database }) => {
    await seedHistory(
      database,
      installation.people.map(({ id }) => id),
      count,
    );
  });
}

function measureSends(stage: Stage): Promise<Measured<SendingResult>> {
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

/** Processor time of server and database for a message, in microseconds. */
const cost = ({ time, result }: Measured<SendingResult>): number =>
  ((time.server + time.postgres) / result.ackedInAll) * 1e6;

function figuresOf(run: Measured<SendingResult>, step: number): Figure[] {
  const { p50, p99 } = run.result.ackLatency;
  const at = step.toLocaleString('en');
  return [
    { name: `acknowledged at ${at}, p50`, value: p50, unit: 'ms' },
    { name: `acknowledged at ${at}, p99`, value: p99, unit: 'ms' },
    { name: `processor time of a message at ${at}`, value: cost(run), unit: 'µs' },
  ];
}

function growth(runs: Measured<SendingResult>[]): Figure[] {
  const [first, last] = [runs[0]!, runs.at(-1)!];
  const latencies = last.result.ackLatency.p50 / first.result.ackLatency.p50;
  return [
    { name: 'p50, the last by the first', value: latencies, unit: '×', must: 1.5, isLess: true },
    {
      name: 'processor time, the last by the first',
      value: cost(last) / cost(first),
      unit: '×',
      must: 1.25,
      isLess: true,
    },
  ];
}
