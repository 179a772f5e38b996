import type { Bench, Stage } from '../bench.js';
import { crowdedOffice, crowdSize, peopleWithCrowd } from '../crowded-office.js';
import { Load } from '../load/load.js';
import type { LoadPerson } from '../load/device.js';
import type { MissedMessage } from '../load/reconnecting.js';
import { measured, processorNote } from '../measurement.js';
import type { SeededConversation } from '../seeds/conversations.store.js';

/** Each misses a message from and to these on either side, and some of these groups: 20 in 12 conversations. */
const missed = { neighbours: 4, groups: 4, inEachGroup: 3 };
const missedEach = 2 * missed.neighbours + missed.groups * missed.inEachGroup;
const shownStatements = 6;

export const reconnect: Bench = {
  name: 'reconnect',
  about: `${crowdSize.toLocaleString('en')} devices come back at once after a restart and sync ${missedEach} missed events each`,
  people: peopleWithCrowd,
  run: async (stage) => {
    stage.tell('giving everybody 50 conversations');
    const { people, office } = await crowdedOffice(stage.installation);
    const load = new Load();
    try {
      await missEverything(stage, load, people, office);
      return await comeBack(stage, load);
    } finally {
      await load.stop();
    }
  },
};

/** Everybody is connected and up to date, misses the messages, and loses the connection with the server. */
async function missEverything(
  stage: Stage,
  load: Load,
  people: LoadPerson[],
  office: SeededConversation[],
): Promise<void> {
  const server = await stage.installation.start();
  try {
    stage.tell('connecting everybody');
    await load.do('connect', { target: { port: server.port, tls: false }, people, sync: true });
    stage.tell('sending what they miss');
    await load.do('sendMissed', missedMessages(office));
    await server.database.settle();
    await server.database.setCounting(true);
  } finally {
    await server.stop();
  }
}

async function comeBack(stage: Stage, load: Load) {
  const server = await stage.installation.start({ inspected: stage.options.profile });
  try {
    await server.database.beginCounting();
    stage.tell('everybody comes back');
    const target = { port: server.port, tls: false };
    const run = await measured(stage, { server, load, people: [] }, () =>
      load.do('reconnect', { target, missedEach }),
    );
    const { seconds, each, errors } = run.result;
    const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
    const statements = await server.database.counted();
    const all = statements.reduce((sum, { calls }) => sum + calls, 0);
    return {
      figures: [
        {
          name: 'devices up to date',
          value: (crowdSize - failed) / seconds,
          unit: '/s',
          must: 700,
          aim: 1000,
        },
        { name: 'errors', value: failed, unit: '', must: 0, isLess: true },
        { name: 'up to date, p50', value: each.p50 / 1000, unit: 's' },
        { name: 'up to date, the last', value: each.max / 1000, unit: 's' },
        { name: 'statements for each device', value: all / crowdSize, unit: '' },
      ],
      notes: [
        processorNote('coming back', run),
        ...Object.entries(errors).map(([text, count]) => `${count} × ${text}.`),
        ...statements.slice(0, shownStatements).map(({ calls, text }) => `${calls} × ${text.slice(0, 90)}`),
      ],
      ...(run.profile && { profile: run.profile }),
    };
  } finally {
    await server.database.setCounting(false);
    await server.stop();
  }
}

function missedMessages(office: SeededConversation[]): MissedMessage[] {
  const times = ({ kind, number }: SeededConversation): number => {
    if (kind === 'direct') return number <= missed.neighbours ? 1 : 0;
    return number <= missed.groups ? missed.inEachGroup : 0;
  };
  return office.flatMap((conversation) =>
    Array.from({ length: times(conversation) }, () => ({
      from: conversation.writer,
      conversationId: conversation.id,
    })),
  );
}
