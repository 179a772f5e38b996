import type { SyncAnswer } from '#contracts';
import type { Bench, Stage } from '../bench.js';
import type { Server } from '../installation.js';
import type { LoadPerson } from '../load/device.js';
import { LoadSocket } from '../load/socket.js';
import { onStage } from '../measurement.js';
import { seedConversations } from '../seeds/conversations.store.js';
import { seedMessages } from '../seeds/messages.store.js';
import { openSealer } from '../seeds/sealer.js';
import { Timings } from '../timings.js';

const conversations = 2000;
const messagesEach = 5;
const repeats = 40;
/** As the web client asks. */
const list = { limit: 200 };
const syncRequest = { window: 20 };

export const firstPage: Bench = {
  name: 'first-page',
  about: `somebody with ${conversations.toLocaleString('en')} conversations connects on a new device and sees the first page`,
  people: 2600,
  run: async (stage) => {
    const person = await busyPerson(stage);
    return onStage(stage, 0, {}, async ({ server }) => {
      const whole = new Timings();
      const page = new Timings();
      const sync = new Timings();
      await server.database.settle();
      for (let round = 0; round < repeats; round += 1) {
        await whole.time(async () => {
          await Promise.all([
            sync.time(() => firstSync(server, person)),
            page.time(() => firstList(server, person)),
          ]);
        });
      }
      return {
        figures: [
          ...whole.figures('list and first sync together', 100),
          ...page.figures('list of conversations'),
          ...sync.figures('connecting and first sync'),
        ],
        notes: [
          `The list has ${list.limit} conversations with last message, unread and mentions; the sync 50 with their newest ` +
            `${syncRequest.window} events. The token is there already: a password is checked by the directory server.`,
        ],
      };
    });
  },
};

async function firstList(server: Server, person: LoadPerson): Promise<void> {
  const { items } = await server.call<{
    items: { lastMessage: { body?: unknown } | null; unread: number }[];
  }>(person, 'GET', `/conversations?limit=${list.limit}`);
  const isRight = items.every(({ lastMessage, unread }) => lastMessage?.body && unread === messagesEach);
  if (items.length !== list.limit || !isRight) throw new Error('the list is not what was seeded');
}

async function firstSync(server: Server, { token }: LoadPerson): Promise<void> {
  const faults: string[] = [];
  const listener = { event: () => {}, lost: (reason: string) => void faults.push(reason) };
  const socket = await LoadSocket.connect({ port: server.port, tls: false }, token, listener);
  const page = await socket.request<SyncAnswer>('sync', syncRequest);
  socket.close();
  const isRight = page.conversations.every(({ events }) => events.length === messagesEach + 1);
  if (page.conversations.length < 50 || !isRight || faults.length > 0) {
    throw new Error(`the sync is not what was seeded ${faults.join()}`);
  }
}

/** The last of the people who belong to nobody's crowd. */
function busyPerson({ installation, tell }: Stage): Promise<LoadPerson> {
  return installation.once('busy person', async ({ database }) => {
    tell('giving somebody 2,000 conversations');
    const people = installation.people.slice(500, 2600).map(({ id }) => id);
    const at = new Date(Date.now() - 3600_000);
    const seeded = await seedConversations(database, { people, sql, parameters: [conversations], at });
    const sealer = await openSealer(installation.folder);
    for (const [i, { id, writer }] of seeded.entries()) {
      const from = at.getTime() + 1000 + i;
      const authors = [people[writer]!];
      await seedMessages(database, sealer, {
        conversationId: id,
        authors,
        count: messagesEach,
        from,
        to: from + 60_000,
      });
    }
    return installation.people[2599]!;
  });
}

// Half are direct, half are groups of ten; the person is the last one.
const sql = `
  select case when n % 2 = 0 then 'direct' else 'group' end as kind,
         case when n % 2 = 0 then null else 'Group ' || n end as name, n as number, (n - 1) as writer,
         array[peer.id] || case when n % 2 = 0 then array[]::uuid[] else
           (select array_agg(id) from planned_person where place between n and n + 7 and place < 2099) end ||
         (select id from planned_person where place = 2099) as members
    from generate_series(1, $1::int) as n join planned_person peer on peer.place = n - 1`;
