import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#contracts';
import { eventually, freePort, TestProxy, VariedBuild, World, type Device, type Employee } from '#testing';

describe('GET /sync', () => {
  let world: World;
  let alice: Employee;
  let bob: Employee;
  let chat: string;

  beforeAll(async () => {
    world = await World.start({ topology: 'several', metrics: true });
    [alice, bob] = (await world.signIn(2)) as [Employee, Employee];
    chat = await alice.opensDirect(bob);
    await bob.device.reaches(chat, 1);
  }, 60_000);
  afterAll(() => world?.stop(), 30_000);

  const waits = (count: number) =>
    eventually(`${count} wait`, async () => (await world.metric('chancery_long_polls')) === count);

  const poll = (
    by: Employee,
    query: { since?: string; wait?: number; limit?: number },
    signal?: AbortSignal,
  ) => by.client.http.call('sync', { query }, { signal, timeoutMs: 40_000 });

  /** Where somebody is up to date. */
  async function present(by: Employee): Promise<string> {
    let answer = await poll(by, {});
    while (answer.more) answer = await poll(by, { since: answer.position });
    return answer.position;
  }

  it('answers at once where there is news, and where nobody asked to wait', async () => {
    const since = await present(bob);
    expect(await poll(bob, { since })).toMatchObject({ conversations: [], more: false, reset: false });
    await alice.sends(chat, 'news');
    const { conversations } = await poll(bob, { since, wait: 30 });
    expect(conversations).toMatchObject([{ id: chat, events: [{ body: { text: 'news' } }] }]);
  });

  it('waits, and answers as soon as somebody writes, on whichever process', async () => {
    for (let round = 0; round < 4; round += 1) {
      const since = await present(bob);
      const waiting = poll(bob, { since, wait: 30 });
      await waits(1);
      const began = performance.now();
      await alice.sends(chat, `wake up ${round}`);
      expect((await waiting).conversations).toMatchObject([
        { events: [{ body: { text: `wake up ${round}` } }] },
      ]);
      // A hint woke it; the next look would have been seconds away.
      expect(performance.now() - began).toBeLessThan(2500);
    }
  });

  it('answers with what is new to it alone: others may write meanwhile', async () => {
    const carol = (await world.signIn(1))[0]!;
    const since = await present(carol);
    const waiting = poll(carol, { since, wait: 2 });
    await alice.sends(chat, 'not for carol');
    expect(await waiting).toMatchObject({ conversations: [], more: false });
  });

  it('keeps one waiting request of a session and answers the one before', async () => {
    const since = await present(bob);
    const first = poll(bob, { since, wait: 30 });
    await waits(1);
    const stop = new AbortController();
    // Both processes take turns, so one of two more meets the first.
    const others = [poll(bob, { since, wait: 30 }, stop.signal), poll(bob, { since, wait: 30 }, stop.signal)];
    expect(await first).toMatchObject({ conversations: [], more: false });
    stop.abort();
    await Promise.allSettled(others);
    await waits(0);
  });

  it('costs nothing any more when the client has gone', async () => {
    const since = await present(bob);
    const gone = new AbortController();
    const waiting = poll(bob, { since, wait: 30 }, gone.signal);
    await waits(1);
    gone.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'OfflineError' });
    await waits(0);
  });

  it('refuses whose session ends while it waits, and says why', async () => {
    const dora = (await world.signIn(1))[0]!;
    const since = await present(dora);
    const token = await dora.client.session.token();
    const waiting = fetch(`${world.address}/api/v1/sync?wait=30&since=${since}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await waits(1);
    await dora.client.call('logout', {});
    const answer = await waiting;
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({
      error: { code: 'auth.session_ended', details: { reason: 'signed_out' } },
    });
  });

  it('refuses positions of others and what is no request', async () => {
    await expect(poll(bob, { since: 'nonsense' })).rejects.toMatchObject({ code: 'sync.position_invalid' });
    await expect(poll(bob, { wait: 31 })).rejects.toMatchObject({ code: 'request.malformed' });
    await expect(poll(bob, { limit: 0 })).rejects.toMatchObject({ code: 'request.malformed' });
    const http = await world.administrator('audit-admin');
    await expect(http.call('sync', {})).rejects.toMatchObject({ code: 'access.forbidden' });
  });

  it('says that the log was restored since the position', async () => {
    const since = await present(bob);
    const [known] = await world.database!.query<{ epoch: string }>(
      'select epoch from persistence.installation',
    );
    await world.database!.query('update persistence.installation set epoch = $1', [newId()]);
    try {
      const answer = await poll(bob, { since, wait: 30 });
      expect(answer).toMatchObject({ conversations: [], position: since, more: false, reset: true });
      expect(answer.epoch).not.toBe(known!.epoch);
    } finally {
      await world.database!.query('update persistence.installation set epoch = $1', [known!.epoch]);
    }
  });

  it('offers the digest of a stretch, as the socket does', async () => {
    const { seq } = await alice.sends(chat, 'digested');
    const { digest, count } = await bob.client.call('digest', {
      params: { conversationId: chat },
      query: { fromSeq: 1, toSeq: seq },
    });
    expect({ count, digest }).toEqual({ count: seq, digest: expect.stringMatching(/^[\w+/]{43}=$/) });
  });

  it('answers whoever waits when its process stops, with nothing skipped', async () => {
    const since = await present(bob);
    const waiting = poll(bob, { since, wait: 30 });
    await waits(1);
    const began = performance.now();
    const ending = Promise.all(world.all.slice(0, 2).map((process) => process.end()));
    expect(await waiting).toMatchObject({ conversations: [], more: false, reset: false });
    expect(performance.now() - began).toBeLessThan(5000);
    expect(await ending).toEqual([0, 0]);
  });
});

describe('where more wait than a process can bear', () => {
  let build: VariedBuild;
  let world: World;
  beforeAll(async () => {
    const file = 'libs/realtime/src/long-polls.service.js';
    build = await VariedBuild.make([
      { file, find: 'const pollsAtOnce = 5000;', replace: 'const pollsAtOnce = 2;' },
    ]);
    world = await World.start({ build, network: 'plain', metrics: true });
  }, 60_000);
  afterAll(async () => {
    await world?.stop();
    await build?.remove();
  }, 30_000);

  it('the next is refused and told when to come back, and misses nothing meanwhile', async () => {
    const [alice, bob, carol] = (await world.signIn(3)) as [Employee, Employee, Employee];
    const group = await alice.createsGroup('crowd', [bob, carol]);
    await eventually('two wait', async () => (await world.metric('chancery_long_polls')) === 2);
    for (let i = 0; i < 5; i += 1) await alice.sends(group, `message ${i}`);
    for (const { device } of [alice, bob, carol]) {
      await device.reaches(group, 6);
      expect(device.texts(group)).toEqual([0, 1, 2, 3, 4].map((i) => `message ${i}`));
    }
  });
});

describe('a device whom no socket reaches', () => {
  let world: World;
  let proxy: TestProxy;
  let alice: Employee;
  let bob: Employee;
  let chat: string;
  let device: Device;

  beforeAll(async () => {
    world = await World.start();
    [alice, bob] = (await world.signIn(2)) as [Employee, Employee];
    chat = await alice.opensDirect(bob);
    proxy = TestProxy.before(world.port, false);
    const port = await freePort();
    await proxy.listen(port);
    device = await bob.signsIn({ baseUrl: `http://127.0.0.1:${port}` });
  }, 60_000);
  afterAll(async () => {
    await world?.stop();
    await proxy?.close();
  }, 30_000);

  const asked = (what: string) => proxy.asked.filter((line) => line.startsWith(what)).length;

  it('is shown to be there', async () => {
    bob.device.close();
    const states = new Map<string, string>();
    alice.client.on('presence', ({ personId, state }) => states.set(personId, state));
    alice.client.watchPresence([bob.id]);
    await eventually('bob is there', () => states.get(bob.id) === 'online');
  });

  it('asks little while nothing happens', async () => {
    expect(device.client.transport).toBe('polling');
    const [polls, sockets] = [asked('GET /api/v1/sync'), asked('upgrade')];
    await eventually('the socket was tried again', () => asked('upgrade') > sockets);
    expect(asked('GET /api/v1/sync') - polls).toBeLessThanOrEqual(1);
  });

  it('reads long logs, checks them and marks them read', async () => {
    const { seq } = await Array.from({ length: 70 }, (_, i) => i).reduce(
      async (before, i) => (await before, alice.sends(chat, `line ${i}`)),
      alice.sends(chat, 'first line'),
    );
    await device.reaches(chat, seq);
    device.client.check(chat);
    device.client.markRead(chat, seq);
    await eventually('it is read', async () => {
      const { readSeq } = await bob.client.call('conversation', { params: { conversationId: chat } });
      return readSeq === seq;
    });
    expect(device.client.counters).toMatchObject({ digestMismatches: 0 });
    expect(asked('GET /api/v1/conversations/' + chat + '/digest')).toBe(1);
  });

  it('goes over to a socket when one passes, and loses nothing on the way', async () => {
    proxy.passesSockets = true;
    const before = device.texts(chat).length;
    const sent: string[] = [];
    const onTheWay = async () => {
      sent.push(`on the way ${sent.length}`);
      await alice.sends(chat, sent.at(-1)!);
      return device.client.transport === 'socket';
    };
    await eventually('it has a socket', onTheWay, 30_000);
    await device.sees(chat, sent.at(-1)!);
    expect(device.texts(chat).slice(before)).toEqual(sent);
    expect(device.client.counters.digestMismatches).toBe(0);
  }, 60_000);

  it('signed out elsewhere is told so', async () => {
    proxy.passesSockets = false;
    const other = await bob.signsIn({ baseUrl: device.client.http.address('').replace('/api/v1', '') });
    expect(other.client.transport).toBe('polling');
    const reasons: string[] = [];
    other.client.on('ended', ({ reason }) => reasons.push(reason));
    await other.client.call('logout', {});
    await eventually('it is told', () => other.client.state === 'ended');
    expect(reasons).toEqual(['signed_out']);
  });
});
