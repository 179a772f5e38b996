import type { Bench } from '../bench.js';
import { openDirects } from '../conversations.js';
import { measured, onStage, processorNote } from '../measurement.js';
import { perSecond } from './sends.js';

const connections = 500;
const messagesPerSecond = 1000;
const warmMs = 5000;

export const latency: Bench = {
  name: 'latency',
  about: 'from send to receive at 1,000 messages/s by the clock, after 5 s',
  people: 600,
  run: (stage) =>
    onStage(stage, connections, {}, async (scene) => {
      const { server, load, people } = scene;
      const conversations = await openDirects(server, people);
      await load.do('connect', { target: { port: server.port, tls: false }, people, sync: true });
      const plan = {
        conversations,
        shares: { direct: 1 },
        warmMs,
        measureMs: stage.options.seconds * 1000,
        seed: 5,
        perSecond: messagesPerSecond,
      };
      const run = await measured(stage, scene, () => load.do('openLoop', plan));
      const { receiveLatency, ackLatency } = run.result;
      const refused = Object.keys(run.result.refusals);
      if (refused.length > 0) throw new Error(`sends were refused: ${refused.join(', ')}`);
      return {
        figures: [
          { name: 'p50', value: receiveLatency.p50, unit: 'ms', must: 8, isLess: true },
          { name: 'p99', value: receiveLatency.p99, unit: 'ms', must: 40, isLess: true },
          { name: 'p95', value: receiveLatency.p95, unit: 'ms' },
          { name: 'longest', value: receiveLatency.max, unit: 'ms' },
          { name: 'acknowledged, p50', value: ackLatency.p50, unit: 'ms' },
          { name: 'messages', value: perSecond(run.result), unit: '/s' },
        ],
        notes: [processorNote('the run', run)],
        ...(run.profile && { profile: run.profile }),
      };
    }),
};
