import type { Bench, Figure, Outcome, Stage } from '../bench.js';
import { openDirects } from '../conversations.js';
import type { StartOptions } from '../installation.js';
import { Load } from '../load/load.js';
import type { SendingResult } from '../load/sending.js';
import { measured, onStage, processorNote, withBaseline, type Measured } from '../measurement.js';

const connections = 500;
const inFlight = 8;
const warmMs = 5000;

/** Messages that are acknowledged, which is: stored durably. */
export const sends: Bench = {
  name: 'sends',
  about: 'durable sends in direct conversations, 500 connections with 8 in flight each, delivered to both',
  people: 600,
  run: async (stage) => {
    stage.tell('the product');
    const ours = await measureSends(stage, {});
    const rate = perSecond(ours.result);
    const outcome: Outcome = {
      figures: [{ name: 'messages', value: rate, unit: '/s', must: 5000, aim: 10_000 }],
      notes: [latencyNote(ours.result), processorNote('the run', ours)],
      ...(ours.profile && { profile: ours.profile }),
    };
    if (!stage.options.withoutBaseline) {
      stage.tell('the baseline');
      const baseline = await withBaseline((build) => measureSends(stage, { build }));
      outcome.figures.push(...comparison(rate, perSecond(baseline.result), 5));
      outcome.notes.push(processorNote('the baseline', baseline));
    }
    return outcome;
  },
};

/** The same with TLS, which every installation in earnest has before it. */
export const tls: Bench = {
  name: 'tls',
  about: 'sends once more, with a proxy before the suite that ends TLS; all else runs without',
  people: 600,
  run: async (stage) => {
    const proxy = new Load();
    try {
      const ours = await measureSends(stage, {}, proxy);
      return {
        figures: [{ name: 'messages', value: perSecond(ours.result), unit: '/s' }],
        notes: [
          latencyNote(ours.result),
          processorNote('the run', ours),
          'The proxy is a process of Node and counts among the others, so it uses more of them than nginx would.',
        ],
      };
    } finally {
      await proxy.stop();
    }
  },
};

function measureSends(stage: Stage, start: StartOptions, proxy?: Load): Promise<Measured<SendingResult>> {
  return onStage(stage, connections, start, async (scene) => {
    const { server, load, people } = scene;
    const conversations = await openDirects(server, people);
    const port = proxy ? await proxy.do('proxyTls', { upstream: server.port }) : server.port;
    await load.do('connect', { target: { port, tls: proxy !== undefined }, people, sync: true });
    const plan = {
      conversations,
      shares: { direct: 1 },
      warmMs,
      measureMs: stage.options.seconds * 1000,
      seed: 3,
      inFlight,
    };
    return measured(stage, scene, () => load.do('closedLoop', plan));
  });
}

export const perSecond = ({ acked, seconds }: SendingResult): number => acked / seconds;

export const comparison = (rate: number, baseline: number, must: number): Figure[] => [
  { name: 'baseline, a transaction per message', value: baseline, unit: '/s' },
  { name: 'times the baseline', value: rate / baseline, unit: '×', must },
];

export function latencyNote({ ackLatency, receiveLatency, refusals, pulls }: SendingResult): string {
  const told = ({ p50, p99 }: { p50: number; p99: number }) =>
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  const refused = Object.entries(refusals).map(([code, count]) => `${count} × ${code}`);
  return (
    `Acknowledged: ${told(ackLatency)}; received by the others: ${told(receiveLatency)}. ` +
    `Refused: ${refused.join(', ') || 'none'}. Switched to pulling: ${pulls}.`
  );
}
