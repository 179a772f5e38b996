import { execFile } from 'node:child_process';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { MemoryStore } from '#client';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '#persistence';
import {
  chancerySays,
  eventually,
  messagesOf,
  queryOnce,
  TcpRelay,
  Traffic,
  World,
  type Employee,
} from '#testing';

const run = promisify(execFile);
const senders = 4;

/** Writes until so many messages more are acknowledged. */
async function write(traffic: Traffic, count: number): Promise<void> {
  const stop = traffic.start();
  const wanted = traffic.acks.length + count;
  await eventually('people write', () => traffic.acks.length >= wanted, 60_000);
  await stop();
}

/** The log of a conversation as a device keeps it. */
async function kept({ client }: Employee['device'], chat: string) {
  const { events } = await client.history(chat, { after: 0, limit: 10_000 });
  return events.map(({ id, seq }) => `${seq} ${id}`);
}

/** Every message that was acknowledged is in a log once, and every device has the logs as a new one reads them. */
async function requireAgreement(url: string, people: Employee[], traffic: Traffic): Promise<void> {
  const sql = 'select count(*)::int as count from messaging.event where message_id is not null';
  const failed = () =>
    people.flatMap(({ client }) => client.outbox().filter(({ state }) => state === 'failed'));
  await eventually(
    'everything that was lost is sent again',
    async () => (await queryOnce<{ count: number }>(url, sql))[0]!.count >= traffic.acks.length,
    60_000,
  );
  expect(failed()).toEqual([]);
  for (const { client } of people) {
    await eventually('the device has compared everything', () => client.counters.resets > 0);
    await eventually('nothing is on its way', () => client.outbox().length === 0);
  }
  const found: string[] = [];
  for (const person of people) {
    const fresh = await person.signsIn({ store: () => new MemoryStore() });
    const { items } = await person.client.conversations({ limit: 100 });
    for (const { id, headSeq } of items) {
      await fresh.reaches(id, headSeq);
      await eventually('the device is as far', () => person.client.cursor(id) === headSeq);
      expect(await kept(person.device, id)).toEqual(fresh.log(id).map(({ id, seq }) => `${seq} ${id}`));
      const own = messagesOf(fresh.log(id)).filter(({ actorId }) => actorId === person.id);
      found.push(...own.map(({ body }) => (body?.type === 'text' ? body.text : '?')));
    }
  }
  expect(found.toSorted()).toEqual(traffic.acks.map(({ text }) => text).toSorted());
}

it('a restore to an earlier point loses nothing that senders have, and every device follows', async () => {
  const copies = await mkdtemp(join(tmpdir(), 'chancery-copy-'));
  const world = await World.start({ ownPostgres: true, settings: { SENDS_PER_SECOND: '100000' } });
  const database = join(world.data, 'postgres');
  const copy = join(copies, 'postgres');
  try {
    const people = await world.signIn(senders);
    // Everybody knows the next one before the copy, and the others only after it.
    const traffic = await Traffic.among(people, 1);
    await write(traffic, 200);
    await world.killAndRestart(async () => void (await run('cp', ['-a', database, copy])));
    await write(traffic, 200);
    const later = await Traffic.among(people, 3);
    later.acks.push(...traffic.acks);
    await write(later, 400);
    await world.killAndRestart(async () => {
      await rm(database, { recursive: true });
      await run('cp', ['-a', copy, database]);
      const said = await chancerySays(['restored'], { CHANCERY_DATA: world.data });
      expect(said).toContain('The logs have a new epoch');
    });
    await requireAgreement((await findEmbeddedPostgres(database))!, people, later);
  } finally {
    await world.stop();
    await rm(copies, { recursive: true });
  }
}, 180_000);

it('a database that went back under running processes is noticed, by all of them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chancery-restore-'));
  const start = () =>
    startEmbeddedPostgres({ folder: join(folder, 'postgres'), logFile: join(folder, 'postgres.log') });
  let server = await start();
  const relay = await TcpRelay.to(server.port);
  const url = new URL(server.url);
  url.port = String(relay.port);
  const settings = { DATABASE_URL: url.href, SENDS_PER_SECOND: '100000' };
  const world = await World.start({ topology: 'several', ownPostgres: true, settings });
  /** Ends the server, does something with its folder and brings it back. */
  const whileDown = async (work: () => Promise<unknown>) => {
    relay.cut();
    await server.stop();
    await work();
    server = await start();
    relay.switchTo(server.port);
  };
  const epoch = async () =>
    (await queryOnce<{ epoch: string }>(url.href, 'select epoch from persistence.installation'))[0]!.epoch;
  try {
    const people = await world.signIn(senders);
    const traffic = await Traffic.among(people, 2);
    await write(traffic, 200);
    await whileDown(() => run('cp', ['-a', join(folder, 'postgres'), join(folder, 'copy')]));
    await write(traffic, 200);
    const before = await epoch();
    await whileDown(async () => {
      await rm(join(folder, 'postgres'), { recursive: true });
      await rename(join(folder, 'copy'), join(folder, 'postgres'));
    });
    await requireAgreement(url.href, people, traffic);
    expect(await epoch()).not.toBe(before);
  } finally {
    await world.stop();
    await relay.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 180_000);
