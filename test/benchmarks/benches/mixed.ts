import type { Bench, Outcome, Stage } from '../bench.js';
import { createGroups, createLargeGroups, openDirects } from '../conversations.js';
import type { Scene, Measured } from '../measurement.js';
import { measured, onStage, processorNote, withBaseline } from '../measurement.js';
import type { LoadConversation, SendingResult } from '../load/sending.js';
import { comparison, latencyNote, perSecond } from './sends.js';

const connections = 500;
const inFlight = 8;
const warmMs = 5000;
const shares = { direct: 0.6, group: 0.35, large: 0.05 };
const large = { count: 10, size: 2000, onlineCount: 100 };

export const mixed: Bench = {
  name: 'mixed',
  about: '60 % direct, 35 % groups of 3 to 200 by Zipf, 5 % groups of 2,000 of whom 100 are online',
  people: 2600,
  run: async (stage) => {
    stage.tell('the product');
    const { conversations, ...ours } = await onStage(stage, connections, {}, async (scene) => {
      const conversations = await makeConversations(stage, scene);
      return { conversations, ...(await measureMixed(stage, scene, conversations)) };
    });
    const { result } = ours;
    const outcome: Outcome = {
      figures: [
        { name: 'messages', value: perSecond(result), unit: '/s' },
        { name: 'deliveries', value: result.delivered / result.seconds, unit: '/s', aim: 25_000 },
      ],
      notes: [sharesNote(result), latencyNote(result), processorNote('the run', ours)],
      ...(ours.profile && { profile: ours.profile }),
    };
    if (!stage.options.withoutBaseline) {
      stage.tell('the baseline');
      const baseline = await withBaseline((build) =>
        onStage(stage, connections, { build }, (scene) => measureMixed(stage, scene, conversations)),
      );
      outcome.figures.push(...comparison(perSecond(result), perSecond(baseline.result), 2));
      outcome.notes.push(processorNote('the baseline', baseline));
    }
    return outcome;
  },
};

async function makeConversations(stage: Stage, { server, people }: Scene): Promise<LoadConversation[]> {
  const others = stage.installation.people.slice(connections);
  return [
    ...(await openDirects(server, people)),
    ...(await createGroups(server, people)),
    ...(await createLargeGroups(server, { online: people, others }, large)),
  ];
}

async function measureMixed(
  stage: Stage,
  scene: Scene,
  conversations: LoadConversation[],
): Promise<Measured<SendingResult>> {
  const { server, load, people } = scene;
  await load.do('connect', { target: { port: server.port, tls: false }, people, sync: true });
  const measureMs = stage.options.seconds * 1000;
  const plan = { conversations, shares, warmMs, measureMs, seed: 4, inFlight };
  return measured(stage, scene, () => load.do('closedLoop', plan));
}

function sharesNote({ sentByKind, deliveredInAll, ackedInAll }: SendingResult): string {
  const all = Object.values(sentByKind).reduce((sum, count) => sum + count, 0);
  const parts = Object.entries(sentByKind).map(
    ([kind, count]) => `${kind} ${((count / all) * 100).toFixed(1)} %`,
  );
  return `Sent: ${parts.join(', ')}; ${(deliveredInAll / ackedInAll).toFixed(1)} deliveries per message.`;
}
