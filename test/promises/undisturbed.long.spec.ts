import { setInterval as ticks } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { makeTestDatabase, openSession, Traffic, World, type DatabaseSession, type Employee } from '#testing';

const messages = 400;
const everyMs = 12;
const wantedMs = 100;
const shareOfAll = 0.99;
/** How often something short is done while messages are measured. */
const times = 5;
const attempts = 3;

let world: World;
let people: Employee[];
let lanes: Traffic['lanes'];
let url: string;
/** The same without a disturbance: a machine that is busy otherwise is not the fault of one. */
let atRestMs: number;
const sessions: DatabaseSession[] = [];

beforeAll(async () => {
  world = await World.start({ topology: 'several', settings: { SENDS_PER_SECOND: '1000' } });
  people = await world.signIn(8);
  ({ lanes } = await Traffic.among(people, 7));
  url = world.database!.url;
  await delays();
  atRestMs = report('nothing else', await delays());
}, 90_000);
afterAll(async () => {
  for (const session of sessions) await session.end();
  await world?.stop();
}, 30_000);

async function session(at = url): Promise<DatabaseSession> {
  const opened = await openSession(at);
  sessions.push(opened);
  return opened;
}

/** Milliseconds from sending to arriving, ascending, of messages that are sent at a steady pace, whatever happens. */
async function delays(): Promise<number[]> {
  const begun = new Map<string, number>();
  const taken: number[] = [];
  const everything = Promise.withResolvers<void>();
  const listen = ({ client, id }: Employee) =>
    client.on('events', ({ events }) => {
      for (const event of events) {
        if (event.type !== 'message.created' || event.actorId === id || event.body?.type !== 'text') continue;
        const since = begun.get(event.body.text);
        if (since !== undefined) taken.push(performance.now() - since);
      }
      if (taken.length >= messages) everything.resolve();
    });
  const ends = people.map(listen);
  let sent = 0;
  for await (const _ of ticks(everyMs)) {
    const { sender, chat } = lanes[sent % lanes.length]!;
    const text = `paced ${performance.now()}`;
    begun.set(text, performance.now());
    await sender.client.send(chat, { type: 'text', text });
    if ((sent += 1) === messages) break;
  }
  await everything.promise;
  for (const end of ends) end();
  return taken.toSorted((a, b) => a - b);
}

/** @returns the delay that all but one of a hundred messages keep */
function report(what: string, taken: number[]): number {
  const at = (share: number) => Math.round(taken[Math.floor((taken.length - 1) * share)]!);
  process.stdout.write(`Beside ${what}: p50 ${at(0.5)} ms, p99 ${at(shareOfAll)} ms, longest ${at(1)} ms\n`);
  return at(shareOfAll);
}

type Disturbance = (measured: Promise<unknown>) => Promise<void>;

/** @param disturb may go on until the messages are measured */
async function delayBeside(what: string, disturb?: Disturbance): Promise<number> {
  const measured = delays();
  await disturb?.(measured);
  return report(what, await measured);
}

/** What a disturbance delays it delays each time; what a busy machine delays is gone the next time. */
async function requireUndisturbed(what: string, disturb?: Disturbance): Promise<void> {
  const wanted = Math.max(wantedMs, 2 * atRestMs);
  let most = Infinity;
  for (let attempt = 0; attempt < attempts && most > wanted; attempt += 1) {
    most = await delayBeside(what, disturb);
  }
  expect(most).toBeLessThanOrEqual(wanted);
}

it('a lock that stops everybody is seen by this test', async () => {
  const operator = await session();
  const stop = () =>
    operator.query('begin; lock table messaging.event; select pg_sleep(1); commit').then(() => undefined);
  expect(await delayBeside('a lock', stop)).toBeGreaterThan(500);
}, 60_000);

it('a session that has written and stays open, here or in another database of the server, delays nothing', async () => {
  const other = await makeTestDatabase();
  const held = [await session(), await session(other.url)];
  for (const one of held) {
    await one.query('create table left_open (n int)');
    await one.query('begin');
    await one.query('insert into left_open values (1)');
  }
  await requireUndisturbed('open sessions');
  for (const one of held) {
    await one.query('rollback');
    await one.end();
    sessions.splice(sessions.indexOf(one), 1);
  }
  await world.database!.query('drop table left_open');
  await other.drop();
}, 60_000);

it('a dump of everything delays nothing, not even while months are made', async () => {
  const dump = await session();
  const product = await session();
  const names = await world.database!.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
      where relkind in ('r', 'p') and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')`,
  );
  await requireUndisturbed('a dump', async (measured) => {
    await dump.query('begin isolation level repeatable read');
    await dump.query(`lock table ${names.map(({ name }) => name).join(', ')} in access share mode`);
    for (const { name } of names) await dump.query(`copy (select * from ${name}) to '/dev/null'`);
    await product.query(`select messaging.ensure_month('event', '2041-01-01')`);
    await measured;
    await dump.query('commit');
  });
}, 60_000);

it('building an index as the manual says delays nothing', async () => {
  const operator = await session();
  const month = new Date().toISOString().slice(0, 7).replace('-', '_');
  await requireUndisturbed('an index', async () => {
    for (let i = 0; i < times; i += 1) await build();
  });
  async function build() {
    await operator.query(`create index concurrently extra on messaging.event_${month} (actor_id, at)`);
    await operator.query('drop index concurrently messaging.extra');
  }
}, 60_000);

it('taking old months away delays nothing', async () => {
  const operator = await session();
  await requireUndisturbed('retention', async () => {
    for (let i = 0; i < times; i += 1) await takeAway();
  });
  async function takeAway() {
    await operator.query(`select messaging.ensure_month('event', '2019-01-01')`);
    await operator.query('alter table messaging.event detach partition messaging.event_2019_01 concurrently');
    await operator.query('drop table messaging.event_2019_01');
  }
}, 60_000);
