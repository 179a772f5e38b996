import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Http, Session } from '#client';
import { newId } from '#contracts';
import { eventually, freePort, NatsServer, World, type Employee } from '#testing';

/** What the promise says: everywhere within a second. */
const promisedMs = 1000;

const buses = ['PostgreSQL', ...(NatsServer.isAtHand ? ['a bus that is gone'] : [])];

describe.each(buses)('sessions on several processes, hints by %s', (bus) => {
  let nats: NatsServer | undefined;
  let world: World;
  let admin: Http;

  beforeAll(async () => {
    if (bus !== 'PostgreSQL') nats = new NatsServer(await freePort());
    await nats?.start();
    world = await World.start({
      topology: 'several',
      settings: { SESSIONS_PER_ACCOUNT: '4', ...(nats && { NATS_URL: nats.url }) },
    });
    admin = await world.administrator('system-admin');
    await nats?.end();
  }, 60_000);
  afterAll(async () => {
    await world?.stop();
    await nats?.end();
  }, 30_000);

  /** A device that only asks, and what each process answers it. */
  async function signsIn({ account }: Employee) {
    const http = new Http(world.address);
    const session = new Session(http, { platform: 'node' }, () => {});
    const { username, password } = account;
    const body = { username, password, device: { name: 'phone', platform: 'node' as const } };
    const signedIn = await http.call('login', { body });
    const asked = async (path: string) => {
      const answer = await fetch(world.address + path, {
        headers: { authorization: `Bearer ${signedIn.accessToken}` },
      });
      return answer.status;
    };
    const refreshes = () =>
      http.call('refresh', { body: { refreshToken: signedIn.refreshToken! } }).then(
        () => 200,
        (error: { status: number }) => error.status,
      );
    return { session, signedIn, asked, refreshes, id: signedIn.sessionId };
  }

  /** The directory, messaging and file processes each. */
  const doors = (fileId: string) => [
    '/api/v1/me',
    '/api/v1/conversations',
    '/api/v1/conversations',
    `/api/v1/files/${fileId}/content`,
  ];

  it('end everywhere within a second: sockets, requests, refresh tokens and links to files', async () => {
    const [alice] = (await world.signIn(1)) as [Employee];
    const file = await alice.client.upload(Buffer.from('hello'), { name: 'a.txt' });
    const phone = await signsIn(alice);
    for (const door of doors(file)) expect(await phone.asked(door)).toBe(200);
    const other = await alice.signsIn();
    const listed = await alice.client.call('myDevices', { query: {} });
    expect(listed.items).toHaveLength(3);
    const { ended } = await alice.client.call('signOutOthers', { body: { clientId: newId() } });
    const begin = performance.now();
    expect(ended).toBe(2);
    await eventually('the socket of the other device is cut off', () => other.client.state === 'ended');
    expect(performance.now() - begin).toBeLessThan(promisedMs);
    await eventually('every process refuses', async () => {
      const answers = await Promise.all(doors(file).map((door) => phone.asked(door)));
      return answers.every((status) => status === 401);
    });
    expect(performance.now() - begin).toBeLessThan(promisedMs);
    expect(await phone.refreshes()).toBe(401);
    expect(alice.client.state).toBe('live');
  });

  it('of a person whom an administrator disables end at once, and none begins until enabled again', async () => {
    const [bob, carol] = (await world.signIn(2)) as [Employee, Employee];
    const phone = await signsIn(bob);
    const params = { personId: bob.id };
    const body = { clientId: newId(), reason: 'lost laptop' };
    const answer = await admin.call('blockPerson', { params, body });
    const begin = performance.now();
    expect(answer.block).toMatchObject({ reason: 'lost laptop' });
    await eventually('the socket is cut off', () => bob.client.state === 'ended');
    await eventually(
      'requests are refused',
      async () => (await phone.asked('/api/v1/conversations')) === 401,
    );
    expect(performance.now() - begin).toBeLessThan(promisedMs);
    expect(await phone.refreshes()).toBe(401);
    await expect(signsIn(bob)).rejects.toMatchObject({ code: 'auth.account_disabled', status: 403 });
    // The directory knows nothing of it, and does not take it back.
    const runs = (await admin.call('syncRuns', { query: {} })).items.length;
    await admin.call('syncNow', { body: { clientId: newId() } });
    await eventually('it has synchronised', async () => {
      const { items } = await admin.call('syncRuns', { query: {} });
      return items.length > runs && items[0]!.state === 'done';
    });
    await expect(signsIn(bob)).rejects.toMatchObject({ code: 'auth.account_disabled' });
    expect(await admin.call('blockPerson', { params, body })).toEqual(answer);
    expect(await admin.call('unblockPerson', { params, body: { clientId: newId() } })).toEqual({
      block: null,
    });
    await signsIn(bob);
    const auditor = await world.administrator('audit-admin');
    const { items } = await auditor.call('trail', { query: { limit: 200 } });
    const acts = items.filter(({ objectId }) => objectId === bob.id).map(({ action }) => action);
    expect(acts.toReversed()).toEqual(['person.blocked', 'person.unblocked']);
    expect(carol.client.state).toBe('live');
  });

  // What follows asks nothing of the bus.
  if (bus !== 'PostgreSQL') return;

  it('are listed with place and client, and a system administrator signs a person out', async () => {
    const [dora, erik] = (await world.signIn(2)) as [Employee, Employee];
    const phone = await signsIn(dora);
    const params = { personId: dora.id };
    const { items } = await admin.call('personDevices', { params, query: {} });
    expect(items).toMatchObject([
      { id: phone.id, name: 'phone', platform: 'node', address: expect.stringContaining('127.0.0.1') },
      { name: 'test', current: false },
    ]);
    const first = await admin.call('personDevices', { params, query: { limit: 1 } });
    expect(first.items).toHaveLength(1);
    const second = await admin.call('personDevices', {
      params,
      query: { limit: 1, cursor: first.nextCursor! },
    });
    expect(second.items[0]!.id).toBe(items[1]!.id);
    await admin.call('signOutPersonDevice', { params: { ...params, sessionId: phone.id } });
    await eventually('it is refused', async () => (await phone.asked('/api/v1/me')) === 401);
    expect(dora.client.state).toBe('live');
    await admin.call('signOutPerson', { params, body: { clientId: newId() } });
    await eventually('all are', () => dora.client.state === 'ended');
    const notFound = { code: 'session.not_found', status: 404 };
    const { items: others } = await erik.client.call('myDevices', { query: {} });
    await expect(
      admin.call('signOutPersonDevice', { params: { ...params, sessionId: others[0]!.id } }),
    ).rejects.toMatchObject(notFound);
    await expect(
      erik.client.call('signOutDevice', { params: { sessionId: phone.id } }),
    ).rejects.toMatchObject(notFound);
    await expect(erik.client.call('personDevices', { params, query: {} })).rejects.toMatchObject({
      code: 'access.forbidden',
    });
    const security = await world.administrator('security-admin');
    await expect(
      security.call('blockPerson', { params, body: { clientId: newId(), reason: 'not mine to do' } }),
    ).rejects.toMatchObject({ code: 'access.forbidden' });
    await expect(
      admin.call('blockPerson', {
        params: { personId: newId() },
        body: { clientId: newId(), reason: 'nobody at all' },
      }),
    ).rejects.toMatchObject({ code: 'person.not_found' });
  });

  it('show their last use, and end when they are not used', async () => {
    const [gina] = (await world.signIn(1)) as [Employee];
    const phone = await signsIn(gina);
    const idle = (minutes: number) =>
      world.database!.query(
        `update access.session set used_at = used_at - make_interval(mins => $2),
                expires_at = expires_at - make_interval(mins => $2) where id = $1`,
        [phone.id, minutes],
      );
    const usedAt = async () => {
      const { items } = await admin.call('personDevices', { params: { personId: gina.id }, query: {} });
      return Date.parse(items.find(({ id }) => id === phone.id)?.usedAt ?? '');
    };
    const before = await usedAt();
    await idle(10);
    expect(await usedAt()).toBe(before - 600_000);
    await eventually('the use is noted', async () => {
      expect(await phone.asked('/api/v1/me')).toBe(200);
      return (await usedAt()) >= before;
    });
    await idle(43_200);
    await eventually('it is over', async () => (await phone.asked('/api/v1/me')) === 401);
    expect(await phone.refreshes()).toBe(401);
    expect(gina.client.state).toBe('live');
  });

  it('beyond the most there may be end in the order of their last use', async () => {
    const [frank] = (await world.signIn(1)) as [Employee];
    const phones = [];
    for (let i = 0; i < 5; i += 1) phones.push(await signsIn(frank));
    await eventually('the oldest are out', () => frank.client.state === 'ended');
    expect(await phones[0]!.refreshes()).toBe(401);
    expect(await phones[4]!.refreshes()).toBe(200);
    const { items } = await admin.call('personDevices', { params: { personId: frank.id }, query: {} });
    expect(items).toHaveLength(4);
  });

  it('of somebody for whom a policy says so are refused beyond a number, and end after their time', async () => {
    const [hana] = (await world.signIn(1)) as [Employee];
    const security = await world.administrator('security-admin');
    const policy = { params: { name: 'sessions.people' } };
    const value = { devices: 1, beyond: 'refuse', idleMinutes: 30, lifetimeHours: 2 };
    const scope = { kind: 'person' as const, id: hana.id };
    const reason = 'a shared computer';
    await security.call('changePolicy', {
      ...policy,
      body: { clientId: newId(), scope, value, baseVersion: 0, reason },
    });
    await eventually('another device is refused', () =>
      signsIn(hana).then(
        async (device) => {
          await admin.call('signOutPersonDevice', { params: { personId: hana.id, sessionId: device.id } });
          return false;
        },
        (error: { code: string }) => error.code === 'auth.too_many_devices',
      ),
    );
    await admin.call('signOutPerson', { params: { personId: hana.id }, body: { clientId: newId() } });
    const phone = await signsIn(hana);
    expect(await phone.asked('/api/v1/me')).toBe(200);
    // However much it is used, and whatever was promised when it was used last.
    await world.database!.query(
      `update access.session set created_at = created_at - interval '121 minutes' where id = $1`,
      [phone.id],
    );
    await eventually('it is over', async () => (await phone.asked('/api/v1/me')) === 401);
    expect(await phone.refreshes()).toBe(401);
    const ended = () =>
      world.database!.query<{ reason: string | null }>(
        'select end_reason as reason from access.session where id = $1',
        [phone.id],
      );
    // The process of the directory looks through all sessions every minute, and when it starts.
    const directory = world.all.find(({ name }) => name.startsWith('directory'))!;
    await directory.end();
    await directory.start();
    await eventually('it is put on record', async () => (await ended())[0]!.reason === 'expired');
  }, 60_000);
});
