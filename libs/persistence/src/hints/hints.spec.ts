import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, freePort, makeTestDatabase, NatsServer, type TestDatabase } from '#testing';
import type { Hints } from './hints.js';
import { NatsHints } from './nats-hints.js';
import { PostgresHints } from './postgres-hints.js';

let database: TestDatabase;
let nats: NatsServer;

const drivers: { name: string; prepare: () => Promise<() => Hints> }[] = [
  {
    name: 'PostgreSQL',
    prepare: async () => {
      database = await makeTestDatabase();
      return () => new PostgresHints(database.url);
    },
  },
  ...(NatsServer.isAtHand
    ? [
        {
          name: 'NATS',
          prepare: async () => {
            nats = new NatsServer(await freePort());
            await nats.start();
            return () => new NatsHints({ url: nats.url, subject: 'chancery.test' });
          },
        },
      ]
    : []),
];

afterAll(async () => {
  await database?.drop();
  await nats?.end();
});

describe.each(drivers)('hints over $name', ({ prepare }) => {
  let here: Hints;
  let there: Hints;

  beforeAll(async () => {
    const open = await prepare();
    [here, there] = [open(), open()];
    await Promise.all([here.open(), there.open()]);
  });
  afterAll(async () => {
    await here?.close();
    await there?.close();
  });

  it('are heard in the same process at once, and in others once', async () => {
    const heard: string[] = [];
    const unsubscribe = [
      here.subscribe('messages', (message) => heard.push(`here ${message}`)),
      there.subscribe('messages', (message) => heard.push(`there ${message}`)),
      there.subscribe('typing', () => heard.push('another topic')),
    ];
    here.publish('messages', '17');
    expect(heard).toEqual(['here 17']);
    await eventually('the other process hears it', () => heard.includes('there 17'));
    there.publish('messages', '18');
    await eventually('and this one the other', () => heard.includes('here 18'));
    expect(heard).toEqual(['here 17', 'there 17', 'there 18', 'here 18']);
    for (const end of unsubscribe) end();
  });
});

if (NatsServer.isAtHand) {
  it('a NATS server that dies stops nobody, is not waited for at the start, and is used again when it is back', async () => {
    const server = new NatsServer(await freePort());
    const [here, there] = [server, server].map(
      ({ url }) => new NatsHints({ url, subject: 'chancery.test' }),
    ) as [NatsHints, NatsHints];
    const heard: string[] = [];
    there.subscribe('messages', (message) => heard.push(message));
    try {
      await Promise.all([here.open(), there.open()]);
      here.publish('messages', 'to nobody');
      for (const round of ['first', 'second']) {
        await server.start();
        await eventually('hints pass', () => {
          here.publish('messages', round);
          return heard.includes(round);
        });
        await server.end();
        here.publish('messages', 'to nobody');
      }
      expect(new Set(heard)).toEqual(new Set(['first', 'second']));
    } finally {
      await Promise.all([here.close(), there.close()]);
      await server.end();
    }
  }, 30_000);
}
