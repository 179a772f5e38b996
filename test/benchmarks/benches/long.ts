import type { MessagePage } from '#contracts';
import type { Bench, Stage } from '../bench.js';
import { randomFrom } from '../load/bodies.js';
import { onStage } from '../measurement.js';
import { seedConversations } from '../seeds/conversations.store.js';
import { monthAfter, seedMessages } from '../seeds/messages.store.js';
import { openSealer } from '../seeds/sealer.js';
import { Timings } from '../timings.js';

const messages = 1_000_000;
const months = 84;
const repeats = 60;
const screen = 50;

export const long: Bench = {
  name: 'long',
  about: `a conversation of ${messages.toLocaleString('en')} messages in ${months} months: its end, a date, pages back`,
  people: 2600,
  run: async (stage) => {
    const { id, from, to } = await longConversation(stage);
    return onStage(stage, 1, {}, async ({ server, people: [person] }) => {
      const read = async (timings: Timings, query: string): Promise<MessagePage> => {
        const path = `/conversations/${id}/messages?limit=${screen}${query}`;
        const page = await timings.time(() => server.call<MessagePage>(person!, 'GET', path));
        if (page.items.length !== screen || page.items.some(({ body }) => !body)) {
          throw new Error(`${query} brought ${page.items.length} messages`);
        }
        return page;
      };
      const [end, date, back] = [new Timings(), new Timings(), new Timings()];
      const draw = randomFrom(6);
      await server.database.settle();
      for (let round = 0; round < repeats; round += 1) {
        await read(end, '');
        const at = new Date(from + (to - from) * (0.01 + 0.98 * draw()));
        const page = await read(date, `&at=${at.toISOString()}`);
        requireAround(page, at);
        await read(back, `&before=${page.items[0]!.seq}`);
      }
      return {
        figures: [
          ...end.figures('opening at the end', 50),
          ...date.figures('jumping to a date', 50),
          ...back.figures('a page further back', 50),
        ],
        notes: [
          `Pages of ${screen} over HTTP. Every message is sealed by itself and is opened for the page.`,
        ],
      };
    });
  },
};

function requireAround({ items }: MessagePage, at: Date): void {
  const isAround = items[0]!.at <= at.toISOString() && items.at(-1)!.at >= at.toISOString();
  if (!isAround)
    throw new Error(`${at.toISOString()} is not between ${items[0]!.at} and ${items.at(-1)!.at}`);
}

function longConversation({ installation, tell }: Stage): Promise<{ id: string; from: number; to: number }> {
  return installation.once('long conversation', async ({ database }) => {
    tell(`writing ${messages.toLocaleString('en')} messages`);
    const people = installation.people.slice(0, 3).map(({ id }) => id);
    const to = Date.now() - 3600_000;
    const from = Date.parse(monthAfter(to, 1 - months));
    const at = new Date(from);
    await database.ensureMonths(monthAfter(from, 0), monthAfter(from, 120));
    const [seeded] = await seedConversations(database, { people, sql, parameters: [], at });
    const sealer = await openSealer(installation.folder);
    const plan = { conversationId: seeded!.id, authors: people, count: messages, from: from + 1000, to };
    await seedMessages(database, sealer, plan);
    return { id: seeded!.id, from, to };
  });
}

const sql = `
  select 'group' as kind, 'A long story' as name, 1 as number, 0 as writer, array_agg(id order by place) as members
    from planned_person`;
