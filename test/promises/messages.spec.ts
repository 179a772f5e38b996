import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#contracts';
import {
  eventually,
  freePort,
  messagesOf,
  NatsServer,
  Nginx,
  World,
  type Employee,
  type Network,
  type Topology,
} from '#testing';

interface Surroundings {
  topology: Topology;
  bus: 'PostgreSQL' | 'NATS';
  network: Network;
}

const surroundings: Surroundings[] = [
  { topology: 'one', bus: 'PostgreSQL', network: Nginx.isAtHand ? 'nginx' : 'open' },
  { topology: 'several', bus: 'PostgreSQL', network: 'open' },
  { topology: 'several', bus: NatsServer.isAtHand ? 'NATS' : 'PostgreSQL', network: 'plain' },
];

const title = 'messages, with processes: $topology, hints by $bus, network: $network';

describe.each(surroundings)(title, ({ topology, bus, network }) => {
  const transport = network === 'open' ? 'socket' : 'polling';
  let nats: NatsServer | undefined;
  let world: World;
  let alice: Employee;
  let bob: Employee;
  let carol: Employee;

  beforeAll(async () => {
    if (bus === 'NATS') nats = new NatsServer(await freePort());
    await nats?.start();
    world = await World.start({ topology, network, settings: nats ? { NATS_URL: nats.url } : {} });
    [alice, bob, carol] = (await world.signIn(3)) as [Employee, Employee, Employee];
  }, 60_000);
  afterAll(async () => {
    await world?.stop();
    await nats?.end();
  }, 30_000);

  it('reach everybody in the order of their seq, without a hole, from several senders at once', async () => {
    const group = await alice.createsGroup('order', [bob, carol]);
    const acks = await Promise.all(
      Array.from({ length: 60 }, (_, i) => [alice, bob, carol][i % 3]!.sends(group, `message ${i}`)),
    );
    const last = Math.max(...acks.map(({ seq }) => seq));
    expect(acks.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, i) => i + 2),
    );
    for (const { device } of [alice, bob, carol]) {
      await device.reaches(group, last);
      expect(device.log(group).map(({ seq }) => seq)).toEqual(Array.from({ length: last }, (_, i) => i + 1));
      expect(device.client.counters.digestMismatches).toBe(0);
    }
    expect(bob.device.texts(group)).toEqual(carol.device.texts(group));
    for (const { client } of [alice, bob, carol]) expect(client.transport).toBe(transport);
  });

  it('are stored once however often they are sent', async () => {
    const chat = await alice.opensDirect(bob);
    const body = { clientId: newId(), body: { type: 'text' as const, text: 'once' } };
    const send = () => alice.client.call('sendMessage', { params: { conversationId: chat }, body });
    const answers = await Promise.all([send(), send(), send(), send()]);
    expect(new Set(answers.map(({ messageId }) => messageId)).size).toBe(1);
    await bob.device.sees(chat, 'once');
    expect(bob.device.texts(chat).filter((text) => text === 'once')).toHaveLength(1);
  });

  it('are refused when a client id comes back with other words', async () => {
    const chat = await alice.opensDirect(bob);
    const clientId = newId();
    await alice.sends(chat, 'first words', clientId);
    await expect(alice.sends(chat, 'other words', clientId)).rejects.toMatchObject({
      code: 'client_id_reused',
    });
  });

  it('sent again after leaving still get their acknowledgement', async () => {
    const group = await alice.createsGroup('leaving', [bob, carol]);
    const body = { clientId: newId(), body: { type: 'text' as const, text: 'goodbye' } };
    const params = { conversationId: group };
    const first = await bob.client.call('sendMessage', { params, body });
    await bob.client.call('removeMember', { params: { ...params, personId: bob.id } });
    expect(await bob.client.call('sendMessage', { params, body })).toEqual(first);
    await expect(bob.sends(group, 'too late')).rejects.toMatchObject({ code: 'conversation.not_a_member' });
  });

  it('are seen from joining to leaving, exactly', async () => {
    const group = await alice.createsGroup('window', [bob]);
    const params = { conversationId: group };
    await alice.sends(group, 'before');
    await alice.client.call('addMembers', { params, body: { clientId: newId(), memberIds: [carol.id] } });
    await alice.sends(group, 'while');
    await alice.client.call('removeMember', { params: { ...params, personId: carol.id } });
    const { seq } = await alice.sends(group, 'after');
    await bob.device.reaches(group, seq);
    await carol.device.reaches(group, seq - 1);
    expect(bob.device.texts(group)).toEqual(['before', 'while', 'after']);
    expect(carol.device.texts(group)).toEqual(['while']);
    const page = await carol.client.call('messages', { params });
    expect(page.items.map(({ seq }) => seq)).toEqual([4]);
    expect(page).toMatchObject({ floorSeq: 2, moreBefore: false, moreAfter: false });
  });

  it('missed while away are there after coming back, on any process', async () => {
    const chat = await alice.opensDirect(carol);
    await carol.device.reaches(chat, 1);
    carol.client.close();
    const acks = [];
    for (let i = 0; i < 120; i += 1) acks.push(await alice.sends(chat, `missed ${i}`));
    await carol.client.open(carol.client.user!);
    await carol.device.reaches(chat, acks.at(-1)!.seq);
    expect(messagesOf(carol.device.log(chat)).map(({ messageId }) => messageId)).toEqual(
      acks.map(({ messageId }) => messageId),
    );
  }, 60_000);

  it('are counted as unread until they are read, on every device of the reader', async () => {
    const chat = await bob.opensDirect(carol);
    const second = await carol.signsIn();
    const { seq } = await bob.sends(chat, 'read me');
    const unread = async () =>
      (await carol.client.call('conversation', { params: { conversationId: chat } })).unread;
    expect(await unread()).toBe(1);
    let seenOnSecond = 0;
    second.client.on('read', (read) => (seenOnSecond = read.seq));
    carol.client.markRead(chat, seq);
    await eventually('the mark is known on the other device', () => seenOnSecond === seq);
    expect(await unread()).toBe(0);
  });

  // What is old news a moment later is told over sockets only.
  if (transport === 'polling') return;

  it('are seen to be read by their sender', async () => {
    const chat = await bob.opensDirect(carol);
    const { seq } = await bob.sends(chat, 'have you read me?');
    let seenByBob = 0;
    bob.client.on('read', (read) => (seenByBob = read.personId === carol.id ? read.seq : seenByBob));
    carol.client.markRead(chat, seq);
    await eventually('the mark is known', () => seenByBob === seq);
  });

  it('are typed and watched: others hear of it', async () => {
    const chat = await alice.opensDirect(bob);
    const heard: string[] = [];
    bob.client.on('typing', ({ personId }) => heard.push(personId));
    alice.client.typing(chat);
    await eventually('typing is heard', () => heard.includes(alice.id));
    const presence = new Map<string, string>();
    bob.client.on('presence', ({ personId, state }) => presence.set(personId, state));
    bob.client.watchPresence([alice.id]);
    await eventually('alice is there', () => presence.get(alice.id) === 'online');
    alice.client.close();
    await eventually('alice is gone', () => presence.get(alice.id) === 'offline');
    await alice.client.open(alice.client.user!);
    await eventually('alice is back', () => presence.get(alice.id) === 'online');
    await alice.device.synced();
  });

  // The last one, because nobody waits until the processes have found the bus again.
  if (bus === 'NATS') {
    it('arrive while the bus is dead', async () => {
      const chat = await alice.opensDirect(bob);
      await nats!.end();
      await alice.sends(chat, 'without a bus');
      await bob.device.sees(chat, 'without a bus');
      await nats!.start();
    });
  }
});
