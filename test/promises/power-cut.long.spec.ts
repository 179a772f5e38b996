import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MemoryStore } from '#client';
import { findEmbeddedPostgres } from '#persistence';
import {
  eventually,
  logFaults,
  LoopDisk,
  noFaults,
  Traffic,
  VariedBuild,
  World,
  type Employee,
} from '#testing';

const diskBytes = 6 * 1024 ** 3;
const rounds = Number(process.env['CHANCERY_POWER_CUTS'] ?? 2);
const messagesPerRound = 5000;
const senders = 8;
const lanesPerSender = 7;

async function faultsOf({ world, traffic }: Installation) {
  const url = await findEmbeddedPostgres(join(world.data, 'postgres'));
  return logFaults(url!, traffic.acks);
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
    await work({ disk, world, people, traffic: await Traffic.among(people, lanesPerSender) });
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
        const { traffic, people } = one;
        for (let round = 0; round < rounds; round += 1) {
          const [rest] = await cutAfter(one, messagesPerRound);
          expect(await faultsOf(one)).toEqual(noFaults);
          // What was on its way is sent once more and gets its place too.
          await rest;
        }
        expect(await faultsOf(one)).toEqual(noFaults);
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
          async () => (await faultsOf(one)).lost.length,
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
