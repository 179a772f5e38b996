import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually, messagesOf, Traffic, World, type Employee } from '#testing';

const restarts = 2;

let world: World;
let people: Employee[];

beforeAll(async () => {
  world = await World.start({ topology: 'several', settings: { SENDS_PER_SECOND: '100000' } });
  people = await world.signIn(4);
}, 90_000);
afterAll(() => world?.stop(), 30_000);

it('restarting one process after the other loses nothing, and no send fails for anybody', async () => {
  const traffic = await Traffic.among(people, 3);
  const stop = traffic.start();
  for (let round = 0; round < restarts; round += 1) {
    for (const process of world.all.slice(0, 2)) {
      const acknowledged = traffic.acks.length;
      await eventually('people write', () => traffic.acks.length >= acknowledged + 50, 30_000);
      const begun = performance.now();
      expect(await process.end('SIGTERM')).toBe(0);
      expect(performance.now() - begun).toBeLessThan(10_000);
      const meanwhile = traffic.acks.length;
      await eventually(
        'people go on with the other process',
        () => traffic.acks.length >= meanwhile + 50,
        30_000,
      );
      await process.start();
    }
  }
  // A send that had failed for good would have ended its lane with an error.
  await stop();
  await eventually('everything has come back', () =>
    people.every(({ client }) => client.outbox().length === 0),
  );
  for (const { sender, chat } of traffic.lanes) {
    const { device } = sender;
    const acks = traffic.acks.filter(({ conversationId }) => conversationId === chat);
    await device.reaches(chat, Math.max(...acks.map(({ seq }) => seq)));
    const log = device.log(chat);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, i) => i + 1));
    const inOrder = acks.toSorted((a, b) => a.seq - b.seq);
    expect(messagesOf(log).map(({ messageId }) => messageId)).toEqual(
      inOrder.map(({ messageId }) => messageId),
    );
    for (const one of new Set(messagesOf(log).map(({ actorId }) => actorId))) {
      const numbers = device
        .texts(chat)
        .filter((_, i) => messagesOf(log)[i]!.actorId === one)
        .map((text) => Number(text.split(' ')[1]));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
  }
  expect(people.map(({ client }) => client.counters.digestMismatches)).toEqual(people.map(() => 0));
}, 180_000);
