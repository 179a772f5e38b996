import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client, MemoryStore } from '#client';
import { FileStore } from '#client-files';
import { newId } from '#contracts';
import { installationFolder } from '#platform';
import { eventually, freePort, messagesOf, TestProxy, VariedBuild, World, type Employee } from '#testing';

let world: World;
let folder: string;
let alice: Employee;
let bob: Employee;
let chat: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chancery-devices-'));
  world = await World.start();
  [alice, bob] = (await world.signIn(2)) as [Employee, Employee];
  chat = await alice.opensDirect(bob);
  await bob.device.reaches(chat, 1);
}, 60_000);
afterAll(async () => {
  await world?.stop();
  await rm(folder, { recursive: true, force: true });
}, 30_000);

const textsOf = async () => {
  const { items } = await alice.client.call('messages', { params: { conversationId: chat } });
  return items.map(({ body }) => (body?.type === 'text' ? body.text : '?'));
};

describe('a device that is killed', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** Starts it; resolves when it is up to date, or has done what is asked for. */
  async function start(baseUrl: string, name: string, until = 'synced'): Promise<ChildProcess> {
    const given = { baseUrl, folder: join(folder, name), account: bob.account };
    const program = join(installationFolder, 'test/promises/device-process.mjs');
    const child = spawn(process.execPath, [program, JSON.stringify(given)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    children.push(child);
    await says(child, until);
    return child;
  }

  const says = (child: ChildProcess, what: string) =>
    new Promise<void>((resolve, reject) => {
      child.on('message', ({ type }: { type: string }) => type === what && resolve());
      child.once('exit', () => reject(new Error(`the device ended before it was ${what}`)));
    });

  async function kill(child: ChildProcess): Promise<void> {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  it('before its message left sends it after it was started again', async () => {
    const proxy = TestProxy.before(world.port, true);
    const port = await freePort();
    await proxy.listen(port);
    const device = await start(`http://127.0.0.1:${port}`, 'offline');
    await proxy.close();
    const stored = says(device, 'stored');
    device.send({ conversationId: chat, text: 'written offline', clientId: newId() });
    await stored;
    await kill(device);
    await start(world.address, 'offline');
    await alice.device.sees(chat, 'written offline');
    expect((await textsOf()).filter((text) => text === 'written offline')).toHaveLength(1);
  }, 60_000);

  it('between sending and the acknowledgement sends once more, and it arrives once', async () => {
    const device = await start(world.address, 'sending');
    const release = await world.database!.hold(
      'select id from messaging.conversation where id = $1 for update',
      [chat],
    );
    const stored = says(device, 'stored');
    device.send({ conversationId: chat, text: 'under way', clientId: newId() });
    await stored;
    await eventually('it has reached the service', async () => {
      const [row] = await world.database!.query<{ waiting: number }>(
        `select count(*)::int as waiting from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return row!.waiting > 0;
    });
    await kill(device);
    await release();
    await alice.device.sees(chat, 'under way');
    await kill(await start(world.address, 'sending', 'sent'));
    expect((await new FileStore(join(folder, 'sending', 'store')).open()).outbox).toEqual([]);
    expect((await textsOf()).filter((text) => text === 'under way')).toHaveLength(1);
  }, 60_000);
});

describe('a device without a network', () => {
  it('shows what it keeps, and sends later what was written meanwhile', async () => {
    const store = () => new FileStore(join(folder, 'reader'));
    const online = await bob.signsIn({ store });
    await alice.sends(chat, 'read me offline');
    await online.sees(chat, 'read me offline');
    const me = online.client.user!;
    const cursor = online.client.cursor(chat);
    online.close();
    const offline = new Client({ baseUrl: `http://127.0.0.1:${await freePort()}`, store });
    await offline.open(me);
    const { events } = await offline.history(chat, { limit: 50 });
    expect(events.at(-1)!.seq).toBe(cursor);
    expect(messagesOf(events).map(({ body }) => body?.type === 'text' && body.text)).toContain(
      'read me offline',
    );
    await offline.send(chat, { type: 'text', text: 'later' });
    expect(offline.outbox(chat)).toMatchObject([{ state: 'waiting' }]);
    offline.close();
    await bob.signsIn({ store });
    await alice.device.sees(chat, 'later');
  });
});

describe('devices of one person', () => {
  it('are told everything once, however many they are', async () => {
    const devices = await Promise.all(Array.from({ length: 8 }, () => bob.signsIn()));
    const before = bob.device.client.cursor(chat);
    for (let i = 0; i < 10; i += 1) {
      await alice.sends(chat, `to all ${i}`);
      await bob.sends(chat, `from one ${i}`);
    }
    for (const device of devices) {
      await device.reaches(chat, before + 20);
      expect(device.log(chat).map(({ seq }) => seq)).toEqual(
        Array.from({ length: before + 20 }, (_, i) => i + 1),
      );
      expect(device.client.counters).toMatchObject({ duplicatesDropped: 0, digestMismatches: 0 });
      device.close();
    }
  });

  it('mend what was damaged in their store, once they are asked to look', async () => {
    const store = new MemoryStore();
    const device = await bob.signsIn({ store: () => store });
    const cursor = device.client.cursor(chat);
    const [first] = await store.read(chat, { after: cursor - 3, limit: 1 });
    const kept = await store.read(chat, { after: 0, limit: cursor });
    const logMark = { conversationId: chat, kind: 'direct' as const, start: 0, cursor };
    await store.write(logMark, [{ ...first!, id: newId() }]);
    device.client.check(chat);
    await eventually('the damage is found', () => device.client.counters.digestMismatches === 1);
    await device.reaches(chat, cursor);
    expect(await store.read(chat, { after: 0, limit: cursor })).toEqual(kept);
    device.client.check(chat);
    await alice.sends(chat, 'after the check');
    await device.sees(chat, 'after the check');
    expect(device.client.counters.digestMismatches).toBe(1);
  });
});

describe('a device whose clock is wrong', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each([5, -5])('by %s hours signs in, sends, asks and comes back as always', async (hours) => {
    const rightNow = Date.now;
    jest.spyOn(Date, 'now').mockImplementation(() => rightNow() + hours * 3_600_000);
    const device = await bob.signsIn();
    const text = `wrong by ${hours}`;
    await device.client.deliver(chat, { type: 'text', text });
    await alice.device.sees(chat, text);
    jest.spyOn(Date, 'now').mockImplementation(() => rightNow() - hours * 3_600_000);
    await device.client.call('me', {});
    device.client.reconnect();
    await alice.sends(chat, `${text}, answered`);
    await device.sees(chat, `${text}, answered`);
    device.close();
  });
});

describe('a device that slept', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('sends at once when it wakes, though its connection died meanwhile', async () => {
    const device = await bob.signsIn();
    const rightNow = Date.now;
    jest.spyOn(Date, 'now').mockImplementation(() => rightNow() + 10 * 3_600_000);
    const began = performance.now();
    await device.client.deliver(chat, { type: 'text', text: 'good morning' });
    // An acknowledgement that cannot come any more is not waited for.
    expect(performance.now() - began).toBeLessThan(10_000);
    await alice.device.sees(chat, 'good morning');
    device.close();
  });
});

describe('a device whose access token expires', () => {
  it('stays connected, and exchanges it when it asks something', async () => {
    const build = await VariedBuild.make([
      {
        file: 'libs/access/src/sessions/sessions.service.js',
        find: 'const accessTokenSeconds = 300;',
        replace: 'const accessTokenSeconds = 1;',
      },
    ]);
    const short = await World.start({ build });
    try {
      const [carol, dora] = (await short.signIn(2)) as [Employee, Employee];
      const token = await carol.client.session.token();
      const talk = await carol.opensDirect(dora);
      await eventually('the token has expired', async () => {
        const headers = { authorization: `Bearer ${token}` };
        return (await fetch(`${short.address}/api/v1/me`, { headers })).status === 401;
      });
      await carol.sends(talk, 'over the old connection');
      await dora.device.sees(talk, 'over the old connection');
      expect((await carol.client.call('me', {})).id).toBe(carol.id);
      carol.client.reconnect();
      await carol.sends(talk, 'over a new one');
      await dora.device.sees(talk, 'over a new one');
      await carol.device.sees(talk, 'over a new one');
      expect(carol.device.texts(talk)).toEqual(['over the old connection', 'over a new one']);
    } finally {
      await short.stop();
      await build.remove();
    }
  }, 90_000);
});
