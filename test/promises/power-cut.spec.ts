import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MemoryStore } from '#client';
import type { Ack } from '#contracts';
import { findEmbeddedPostgres } from '#persistence';
import { eventually, LoopDisk, queryOnce, VariedBuild, World, type Employee } from '#testing';

const diskBytes = 6 * 1024 ** 3;
const rounds = Number(process.env['CHANCERY_POWER_CUTS'] ?? 2);
const messagesPerRound = 5000;
const senders = 8;
const lanesPerSender = 7;

/** People who write to each other all the time, and every acknowledgement they got. */
class Traffic {
  readonly acks: (Ack & { text: string })[] = [];
  private constructor(readonly lanes: readonly { sender: Employee; chat: string }[]) {}

  static async among(people: Employee[]): Promise<Traffic> {
    const pairs = people.flatMap((sender) =>
      people
        .filter((other) => other !== sender)
        .slice(0, lanesPerSender)
        .map((other) => ({ sender, other })),
    );
    const lanes = [];
    for (const { sender, other } of pairs) lanes.push({ sender, chat: await sender.opensDirect(other) });
    return new Traffic(lanes);
  }

  /** Writes until told to stop; then waits for what is on its way. */
  start(): () => Promise<void> {
    const stopping = new AbortController();
    const running = this.lanes.map(async ({ sender, chat }) => {
      for (let i = 0; !stopping.signal.aborted; i += 1) {
        const text = `${this.acks.length} ${i}`;
        this.acks.push({ ...(await sender.sends(chat, text)), text });
      }
    });
    return async () => {
      stopping.abort();
      await Promise.all(running);
    };
  }
}

/** Which of these messages are not in the log at the place that was acknowledged. */
async function lostOf(world: World, acks: readonly Ack[]): Promise<number> {
  const url = await findEmbeddedPostgres(join(world.data, 'postgres'));
  const found = await queryOnce<{ id: string; conversation: string; seq: string }>(
    url!,
    `select message_id as id, conversation_id as conversation, seq from messaging.event where message_id is not null`,
  );
  const places = new Map(found.map(({ id, conversation, seq }) => [id, `${conversation} ${seq}`]));
  return acks.filter(
    ({ messageId, conversationId, seq }) => places.get(messageId) !== `${conversationId} ${seq}`,
  ).length;
}

async function requireWholeLogs(world: World): Promise<void> {
  const url = await findEmbeddedPostgres(join(world.data, 'postgres'));
  const faulty = await queryOnce(
    url!,
    `select conversation_id from messaging.event group by 1
     having count(*) <> max(seq) or count(*) <> count(distinct seq)
         or count(client_id) <> count(distinct client_id)`,
  );
  expect(faulty).toEqual([]);
}

interface Installation {
  disk: LoopDisk;
  world: World;
  traffic: Traffic;
  people: Employee[];
}

async function withInstallation(build: VariedBuild | undefined, work: (one: Installation) => Promise<void>) {
  const disk = await LoopDisk.make(diskBytes);
  let world: World | undefined;
  try {
    world = await World.start({
      ownPostgres: true,
      data: join(disk.folder, 'data'),
      settings: { SENDS_PER_SECOND: '100000' },
      build,
    });
    const people = await world.signIn(senders);
    await work({ disk, world, people, traffic: await Traffic.among(people) });
  } finally {
    await world?.stop();
    await disk.remove();
    await build?.remove();
  }
}

/** Cuts the power while everybody writes, right after so many acknowledgements. @returns when the rest arrived as well */
async function cutAfter({ disk, world, traffic }: Installation, count: number): Promise<Promise<void>[]> {
  const wanted = traffic.acks.length + count;
  const stop = traffic.start();
  await eventually('so many are acknowledged', () => traffic.acks.length >= wanted, 120_000);
  await disk.cutPower();
  const rest = stop();
  await world.killAndRestart(() => disk.powerUp());
  return [rest];
}

/** A server that says "committed" before anything is on the disk. */
function carelessBuild(parameters: string): Promise<VariedBuild> {
  return VariedBuild.make([
    {
      file: 'libs/persistence/src/embedded/embedded-postgres.js',
      find: `max_connections: '120',`,
      replace: `max_connections: '120', ${parameters}`,
    },
    {
      file: 'libs/persistence/src/migrate.js',
      find: 'if (faults.length === 0)\n        return;\n    const sentences',
      replace: 'if (faults.length >= 0)\n        return;\n    const sentences',
    },
  ]);
}

// Where it cannot run, the end of the run says that the disk is absent.
const withDisk = process.env['MKFS_EXT4'] ? describe : describe.skip;

withDisk('a power cut', () => {
  it(
    `takes none of ${messagesPerRound} messages acknowledged right before it, ${rounds} times`,
    async () => {
      await withInstallation(undefined, async (one) => {
        const { world, traffic, people } = one;
        for (let round = 0; round < rounds; round += 1) {
          const [rest] = await cutAfter(one, messagesPerRound);
          expect(await lostOf(world, [...traffic.acks])).toBe(0);
          // What was on its way is sent once more and gets its place too.
          await rest;
        }
        await requireWholeLogs(world);
        expect(await lostOf(world, traffic.acks)).toBe(0);
        await requireReadable(people[0]!, traffic);
      });
    },
    120_000 + rounds * 90_000,
  );

  it.each([
    ['synchronous_commit', `synchronous_commit: 'off', wal_writer_delay: '10s',`],
    ['fsync', `fsync: 'off',`],
  ])(
    'is seen by this test where %s is off',
    async (_name, parameters) => {
      await withInstallation(await carelessBuild(parameters), async (one) => {
        const lost = await cutAfter(one, 500).then(
          () => lostOf(one.world, one.traffic.acks),
          () => 'does not even start',
        );
        expect(lost).not.toBe(0);
      });
    },
    180_000,
  );
});

/** What one of them reads on a new device is what was written, opened. */
async function requireReadable(person: Employee, { lanes, acks }: Traffic): Promise<void> {
  const device = await person.signsIn({ store: () => new MemoryStore(), window: 100 });
  const written = new Set(acks.map(({ text }) => text));
  for (const { chat } of lanes.filter(({ sender }) => sender === person)) {
    const last = Math.max(...acks.filter((ack) => ack.conversationId === chat).map(({ seq }) => seq));
    await device.reaches(chat, last);
    expect(device.texts(chat).length).toBeGreaterThan(0);
    expect(device.texts(chat).filter((text) => !written.has(text))).toEqual([]);
  }
}
