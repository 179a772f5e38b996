import type { Bench } from '../bench.js';
import { createGroup } from '../conversations.js';
import type { Server } from '../installation.js';
import { measured, onStage, processorNote } from '../measurement.js';

const online = 5000;
const rounds = 10;

export const broadcast: Bench = {
  name: 'broadcast',
  about: `one message to a group of ${online.toLocaleString('en')} who are all online`,
  people: online,
  run: (stage) =>
    onStage(stage, online, { inspected: true }, async (scene) => {
      const { server, load, people } = scene;
      const conversationId = await createGroup(server, people);
      await load.do('connect', { target: { port: server.port, tls: false }, people, sync: true });
      const mark = `明天上午九点全体会议 ${Date.now()}`;
      await countEncodes(server, mark);
      const run = await measured(stage, scene, async () => {
        const times: number[] = [];
        for (let round = 0; round < rounds; round += 1) {
          times.push(await load.do('broadcast', { conversationId, text: `${round}-${mark}` }));
        }
        return times;
      });
      const encodes = await server.inspector.evaluate<number>('globalThis.encodesOfMark');
      const times = run.result.toSorted((a, b) => a - b);
      return {
        figures: [
          {
            name: 'until the last has it, median',
            value: times[rounds / 2]!,
            unit: 'ms',
            must: 300,
            isLess: true,
          },
          { name: `slowest of ${rounds}`, value: times.at(-1)!, unit: 'ms' },
          { name: 'encodes of a delivery', value: encodes / rounds, unit: '', must: 1, isLess: true },
        ],
        notes: [processorNote('the rounds with their pauses', run)],
        ...(run.profile && { profile: run.profile }),
      };
    }),
};

/** Counts how often the server makes JSON of a delivery that holds the mark. */
async function countEncodes(server: Server, mark: string): Promise<void> {
  await server.inspector.evaluate(`{
    globalThis.encodesOfMark = 0;
    const stringify = JSON.stringify;
    JSON.stringify = (...parameters) => {
      const text = stringify(...parameters);
      if (text?.includes('prevSeq') && text.includes(${JSON.stringify(mark)})) globalThis.encodesOfMark += 1;
      return text;
    };
  }`);
}
