import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  DatabasePair,
  eventually,
  logFaults,
  messagesOf,
  noFaults,
  queryOnce,
  Traffic,
  World,
  type Employee,
  type Topology,
} from '#testing';

const senders = 6;
const lanesPerSender = 5;
const measuredMs = 4000;

let pair: DatabasePair;
let world: World | undefined;

beforeEach(async () => {
  pair = await DatabasePair.start();
}, 60_000);
afterEach(async () => {
  await world?.stop();
  world = undefined;
  await pair?.stop();
}, 60_000);

async function startWorld(topology: Topology): Promise<{ people: Employee[]; traffic: Traffic }> {
  world = await World.start({
    topology,
    ownPostgres: true,
    settings: { DATABASE_URL: pair.url, SENDS_PER_SECOND: '100000' },
  });
  const people = await world.signIn(senders);
  return { people, traffic: await Traffic.among(people, lanesPerSender) };
}

/** Acknowledgements in a second, while everybody writes. */
async function rateOf(traffic: Traffic): Promise<number> {
  const begun = performance.now();
  const before = traffic.acks.length;
  await eventually('the time of the measurement is over', () => performance.now() - begun > measuredMs);
  return ((traffic.acks.length - before) * 1000) / (performance.now() - begun);
}

/** Everybody writes on, and every device has what the log has, without having been told to begin anew. */
async function requireGoingOn(traffic: Traffic, people: Employee[]): Promise<void> {
  const stop = traffic.start();
  const wanted = traffic.acks.length + 200;
  await eventually('people go on', () => traffic.acks.length >= wanted, 60_000);
  await stop();
  expect(await logFaults(pair.url, traffic.acks)).toEqual(noFaults);
  for (const { sender, chat } of traffic.lanes) {
    const stored = await queryOnce<{ id: string }>(
      pair.url,
      `select message_id as id from messaging.event where conversation_id = $1 and message_id is not null order by seq`,
      [chat],
    );
    const { device } = sender;
    await device.reaches(chat, stored.length + 1);
    expect(messagesOf(device.log(chat)).map(({ messageId }) => messageId)).toEqual(
      stored.map(({ id }) => id),
    );
  }
  expect(people.map(({ client }) => client.counters.resets)).toEqual(people.map(() => 0));
}

describe('with a synchronous standby', () => {
  it('what was acknowledged is there after the machine of the primary is gone, at 70 % of the rate of one', async () => {
    const { people, traffic } = await startWorld('one');
    const stop = traffic.start();
    await rateOf(traffic);
    const alone = await rateOf(traffic);
    await pair.waitForStandby(true);
    const together = await rateOf(traffic);
    const ratio = `${Math.round((together / alone) * 100)} %`;
    process.stdout.write(
      `Sends per second: ${Math.round(alone)} alone, ${Math.round(together)} with a standby, ${ratio}\n`,
    );
    await pair.failOver();
    await stop();
    expect(await logFaults(pair.url, traffic.acks)).toEqual(noFaults);
    await requireGoingOn(traffic, people);
  }, 180_000);

  it('what was committed while a wait was cancelled is neither acknowledged nor delivered nor lost', async () => {
    const { people, traffic } = await startWorld('several');
    await pair.waitForStandby(true);
    const stop = traffic.start();
    await eventually('people write', () => traffic.acks.length >= 200, 30_000);
    pair.cutReplication();
    let cancelled = 0;
    const cancelMore = async (count: number) => {
      const wanted = cancelled + count;
      await eventually(
        'waits are cancelled',
        async () => (cancelled += await pair.cancelWaits()) >= wanted,
        30_000,
      );
    };
    // What the standby had confirmed before may still be on its way to people.
    await cancelMore(10);
    const acknowledged = traffic.acks.length;
    const told = () => people.map(({ device }) => traffic.lanes.map(({ chat }) => device.log(chat).length));
    const before = told();
    await cancelMore(20);
    const [stored] = await pair.onPrimary<{ count: number }>(
      'select count(*)::int as count from messaging.event where message_id is not null',
    );
    // The primary has them, and would show them to whoever looks.
    expect(stored!.count).toBeGreaterThan(acknowledged);
    expect(traffic.acks.length).toBe(acknowledged);
    expect(told()).toEqual(before);
    await pair.failOver();
    await stop();
    await requireGoingOn(traffic, people);
  }, 180_000);
});
