import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import * as current from '#client';
import { newId, type ConversationEvent } from '#contracts';
import { installationFolder } from '#platform';
import { eventually, messagesOf, World, type Account, type Employee } from '#testing';

type Sdk = typeof current;
type Client = InstanceType<Sdk['Client']>;

const fixtures = join(installationFolder, 'test/fixtures');
const releases = readdirSync(fixtures).filter((name) => /^client-.*\.mjs$/.test(name));

let world: World;
let employees: Employee[];
beforeAll(async () => {
  world = await World.start();
  employees = await world.signIn(3);
}, 60_000);
afterAll(() => world?.stop(), 30_000);

it('there is an SDK of an earlier day', () => {
  expect(releases.length).toBeGreaterThan(0);
});

describe.each(releases)('the SDK of %s, against the service of today,', (file) => {
  const clients: Client[] = [];
  let sdk: Sdk;
  beforeAll(async () => {
    sdk = (await import(join(fixtures, file))) as Sdk;
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });

  /** Somebody with an old program, and everything it was told. */
  async function signIn(account: Account, store = new sdk.MemoryStore()) {
    const client = new sdk.Client({ platform: 'node', baseUrl: world.address, store: () => store });
    clients.push(client);
    const told: ConversationEvent[] = [];
    client.on('events', ({ events }) => told.push(...events));
    const synced = new Promise<void>((resolve) => client.on('synced', () => resolve()));
    await client.signIn({ username: account.username, password: account.password, deviceName: 'old' });
    await synced;
    const texts = () => messagesOf(told).map(({ body }) => (body?.type === 'text' ? body.text : '?'));
    return { client, texts, store };
  }

  it('signs in, sends, receives, and is understood by the SDK of today', async () => {
    const [alice, bob] = employees as [Employee, Employee];
    const old = await signIn(alice.account);
    const chat = await bob.opensDirect(alice);
    await bob.sends(chat, `for ${file}`);
    await eventually('it arrives', () => old.texts().includes(`for ${file}`));
    const ack = await old.client.deliver(chat, { type: 'text', text: `from ${file}` });
    await bob.device.reaches(chat, ack.seq);
    await bob.device.sees(chat, `from ${file}`);
    old.client.markRead(chat, ack.seq);
    await eventually('it is read', async () => {
      const { readSeq } = await alice.client.call('conversation', { params: { conversationId: chat } });
      return readSeq === ack.seq;
    });
  });

  it('keeps order, sends once, and catches up after being away', async () => {
    const [alice, bob, carol] = employees as [Employee, Employee, Employee];
    const group = await alice.createsGroup(`old ${file}`, [bob, carol]);
    const old = await signIn(bob.account);
    const clientId = newId();
    const body = { type: 'text' as const, text: 'once' };
    const params = { conversationId: group };
    const answers = await Promise.all(
      [1, 2, 3].map(() => old.client.call('sendMessage', { params, body: { clientId, body } })),
    );
    expect(new Set(answers.map(({ seq }) => seq)).size).toBe(1);
    old.client.close();
    for (let i = 0; i < 60; i += 1) await alice.sends(group, `missed ${i}`);
    const back = await signIn(bob.account, old.store);
    await eventually('it has caught up', () => back.client.cursor(group) === answers[0]!.seq + 60);
    const { events } = await back.client.history(group, { after: 1, limit: 100 });
    expect(messagesOf(events).map(({ seq }) => seq)).toEqual(Array.from({ length: 61 }, (_, i) => i + 2));
    expect(back.client.counters.digestMismatches).toBe(0);
  });

  it('understands why it was refused', async () => {
    const [alice, bob] = employees as [Employee, Employee];
    const group = await alice.createsGroup('not for bob', [employees[2]!]);
    const old = await signIn(bob.account);
    const late = old.client.deliver(group, { type: 'text', text: 'let me in' });
    await expect(late).rejects.toMatchObject({ code: 'conversation.not_a_member' });
  });
});
