import type { Bench } from '../bench.js';
import { crowdedOffice, crowdSize, peopleWithCrowd } from '../crowded-office.js';
import type { Memory } from '../inspector.js';
import { onStage } from '../measurement.js';

export const idle: Bench = {
  name: 'idle',
  about: `memory of ${crowdSize.toLocaleString('en')} idle signed-in connections with 50 conversations each, one process`,
  people: peopleWithCrowd,
  run: async (stage) => {
    stage.tell('giving everybody 50 conversations');
    const { people } = await crowdedOffice(stage.installation);
    return onStage(stage, 0, { inspected: true }, async ({ server, load }) => {
      const target = { port: server.port, tls: false };
      const before = await server.inspector.memory();
      stage.tell('connecting');
      const { seconds } = await load.do('connect', { target, people, sync: true });
      const after = await server.inspector.memory();
      const each = (part: keyof Memory) => (after[part] - before[part]) / crowdSize / 1024;
      await load.do('close');
      return {
        figures: [
          { name: 'each, resident', value: each('rss'), unit: 'kB', must: 25, aim: 18, isLess: true },
          { name: 'each, on the heap', value: each('heapUsed'), unit: 'kB' },
          { name: 'each, outside of the heap', value: each('external'), unit: 'kB' },
          { name: 'the whole process', value: after.rss / 1024 ** 2, unit: 'MB' },
          { name: 'connected and caught up for the first time', value: crowdSize / seconds, unit: '/s' },
        ],
        notes: ['Measured after collecting garbage, against the same process before anybody connected.'],
      };
    });
  },
};
