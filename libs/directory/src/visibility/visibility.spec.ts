import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Http } from '#client';
import { apiBase, newId, type Department, type PeopleScope, type VisibilityRule } from '#contracts';
import { eventually, World, type Employee } from '#testing';

const nobody: PeopleScope = { everybody: false, departmentIds: [], maxRank: null, personIds: [] };
const everybody: PeopleScope = { ...nobody, everybody: true };
const just = (...people: Employee[]): PeopleScope => ({ ...nobody, personIds: people.map(({ id }) => id) });

const rule = (effect: VisibilityRule['effect'], part: Partial<VisibilityRule>): VisibilityRule => ({
  name: `a rule to ${effect}`,
  effect,
  fields: [],
  of: nobody,
  notOf: nobody,
  from: everybody,
  notFrom: nobody,
  exceptColleagues: false,
  ...part,
});

describe('rules of visibility', () => {
  let world: World;
  let security: Http;
  let alice: Employee;
  let boss: Employee;
  let carol: Employee;

  beforeAll(async () => {
    world = await World.start();
    [alice, boss, carol] = (await world.signIn(3)) as [Employee, Employee, Employee];
    security = await world.administrator('security-admin');
  }, 60_000);
  afterAll(() => world?.stop(), 30_000);

  const set = async (...rules: VisibilityRule[]) => {
    const { version } = await security.call('visibility', {});
    return security.call('setVisibility', {
      body: { clientId: newId(), version, rules, reason: 'as decided' },
    });
  };
  const hideBoss = () => rule('hide', { of: just(boss), notFrom: just(carol) });

  /** What a request is answered: what is refused is told apart only by this. */
  async function ask(by: Employee, method: string, path: string, body?: unknown) {
    const answer = await fetch(world.address + apiBase + path, {
      method,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await by.client.session.token()}`,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.text() };
  }
  const search = async (by: Employee, q: string) =>
    (await by.client.call('people', { query: { q, limit: 50 } })).items.map(({ id }) => id);
  const departmentOf = async (by: Employee, person: Employee) =>
    (await by.client.call('person', { params: { personId: person.id } })).departmentId!;

  describe('hide somebody', () => {
    const stranger = newId();
    beforeEach(async () => {
      await set(hideBoss());
    });

    it('from search by any name and number', async () => {
      const card = await carol.client.call('person', { params: { personId: boss.id } });
      const known = [card.displayName, card.username, card.staffNumber, card.mobile].filter(
        (q) => q !== null,
      );
      for (const q of known) {
        expect(await search(alice, q)).not.toContain(boss.id);
        expect(await search(carol, q)).toContain(boss.id);
      }
    });

    it('from the tree and its counts', async () => {
      const departmentId = await departmentOf(carol, boss);
      const seen = (
        await world.database!.query<{ path: string[] }>(
          'select way as path from directory.department_way where department_id = $1',
          [departmentId],
        )
      )[0]!.path[0]!;
      const count = async (by: Employee) => {
        const { items } = await by.client.call('departments', { query: {} });
        return items.find(({ id }: Department) => id === seen)!.peopleCount;
      };
      expect(await count(alice)).toBe((await count(carol)) - 1);
      const listed = await ask(alice, 'GET', `/directory/people?department=${departmentId}&limit=200`);
      expect(listed.body).not.toContain(boss.id);
    });

    it('from the tree with the department where one would see nobody', async () => {
      const departmentId = await departmentOf(carol, boss);
      await set(
        rule('hide', { of: { ...nobody, departmentIds: [departmentId] }, notFrom: just(carol, boss) }),
      );
      const viewer = (await departmentOf(alice, alice)) === departmentId ? undefined : alice;
      if (!viewer) return;
      const hidden = await ask(viewer, 'GET', `/directory/departments/${departmentId}`);
      const unknown = await ask(viewer, 'GET', `/directory/departments/${stranger}`);
      expect(hidden).toEqual(unknown);
      expect((await ask(carol, 'GET', `/directory/departments/${departmentId}`)).status).toBe(200);
    });

    it.each([
      ['a card', 'GET', (id: string) => `/directory/people/${id}`, undefined],
      ['a photo', 'GET', (id: string) => `/directory/photos/${id}`, undefined],
      ['a lookup of ids', 'POST', () => '/directory/people/lookup', (id: string) => ({ ids: [id] })],
    ] as const)('with %s like somebody who does not exist', async (_name, method, path, body) => {
      const answers = [boss.id, stranger].map((id) => ask(alice, method, path(id), body?.(id)));
      const [hidden, unknown] = await Promise.all(answers);
      expect(hidden).toEqual(unknown);
    });

    it.each(['direct', 'group'])('from whoever begins a conversation: %s', async (kind) => {
      const begin = (id: string) =>
        ask(alice, 'POST', '/conversations', {
          clientId: newId(),
          kind,
          memberIds: [id],
          ...(kind === 'group' && { name: 'g' }),
        });
      const [hidden, unknown] = await Promise.all([begin(boss.id), begin(stranger)]);
      expect(hidden.status).toBe(422);
      expect(hidden.body.replaceAll(boss.id, '?')).toBe(unknown.body.replaceAll(stranger, '?'));
    });

    it('from whoever adds members, and from mentions', async () => {
      const chat = await alice.createsGroup('mentions', [carol]);
      const add = (id: string) =>
        ask(alice, 'POST', `/conversations/${chat}/members`, { clientId: newId(), memberIds: [id] });
      const [hidden, unknown] = await Promise.all([add(boss.id), add(stranger)]);
      expect(hidden.status).toBe(422);
      expect(hidden.body.replaceAll(boss.id, '?')).toBe(unknown.body.replaceAll(stranger, '?'));
      const body = { type: 'text' as const, text: '@boss', mentions: [boss.id] };
      await alice.client.deliver(chat, body);
      const rows = await world.database!.query('select from messaging.mention where conversation_id = $1', [
        chat,
      ]);
      expect(rows).toHaveLength(0);
    });

    it('as offline while they are connected, also from who watched them before', async () => {
      await set();
      const states = new Map<string, string>();
      alice.client.on('presence', ({ personId, state }) => states.set(personId, state));
      alice.client.watchPresence([boss.id, carol.id]);
      await eventually(
        'both are online',
        () => states.get(boss.id) === 'online' && states.get(carol.id) === 'online',
      );
      await set(hideBoss());
      await eventually('the boss looks offline', () => states.get(boss.id) === 'offline');
      expect(states.get(carol.id)).toBe('online');
      states.clear();
      alice.client.watchPresence([carol.id, boss.id]);
      await eventually('both are told', () => states.size === 2);
      expect(states.get(boss.id)).toBe('offline');
    });

    it('but tells the name of who speaks in the same conversation, and nothing else', async () => {
      const chat = await carol.createsGroup('together', [alice, boss]);
      const { items } = await alice.client.call('members', { params: { conversationId: chat }, query: {} });
      const member = items.find(({ person }) => person.id === boss.id)!.person;
      expect(member).toMatchObject({
        displayName: boss.account.displayName,
        username: '',
        title: null,
        departmentId: null,
        photo: null,
      });
      const looked = await alice.client.call('peopleByIds', { body: { ids: [boss.id] } });
      expect(looked.items).toEqual([member]);
      expect((await ask(alice, 'GET', `/directory/people/${boss.id}`)).status).toBe(404);
      expect(await search(alice, boss.account.displayName)).not.toContain(boss.id);
    });

    it('not from themselves, and not from administrators', async () => {
      expect(await search(boss, boss.account.username)).toContain(boss.id);
      const system = await world.administrator('system-admin');
      const { items } = await system.call('people', { query: { q: boss.account.username, limit: 20 } });
      expect(items.map(({ id }) => id)).toContain(boss.id);
    });

    it('from everybody but colleagues, where the rule says so', async () => {
      await set(rule('hide', { of: everybody, exceptColleagues: true }));
      const mine = await departmentOf(alice, alice);
      const { items } = await alice.client.call('people', { query: { limit: 200 } });
      const colleagues = await world.database!.query<{ id: string }>(
        'select person_id as id from directory.post join directory.person on person.id = person_id where post.department_id = $1 and active',
        [mine],
      );
      expect(items.map(({ id }) => id).sort()).toEqual(
        expect.arrayContaining(colleagues.map(({ id }) => id)),
      );
      expect(items.length).toBeLessThan(60);
    });
  });

  it('withhold fields, and do not find by them', async () => {
    await set();
    const card = await alice.client.call('person', { params: { personId: boss.id } });
    expect(card.mobile).not.toBeNull();
    await set(rule('withhold', { of: just(boss), fields: ['mobile', 'email'], notFrom: just(carol) }));
    const withheld = await alice.client.call('person', { params: { personId: boss.id } });
    expect(withheld).toMatchObject({ mobile: null, email: null, staffNumber: card.staffNumber });
    expect(await search(alice, card.mobile!)).not.toContain(boss.id);
    expect(await search(carol, card.mobile!)).toContain(boss.id);
    expect(await search(alice, card.displayName)).toContain(boss.id);
  });

  it('protect somebody from whoever would begin, who may still answer', async () => {
    await set(rule('protect', { of: just(boss), notFrom: just(carol) }));
    const dave = (await world.signIn(1))[0]!;
    const begin = { kind: 'direct', memberIds: [boss.id] };
    expect(await ask(dave, 'POST', '/conversations', begin)).toMatchObject({ status: 422 });
    expect(await search(dave, boss.account.username)).toContain(boss.id);
    expect((await ask(carol, 'POST', '/conversations', begin)).status).toBe(201);
    const chat = await boss.opensDirect(dave);
    expect(await dave.opensDirect(boss)).toBe(chat);
  });

  it('are changed by the security administrator alone, once, on the version that was read, and on record', async () => {
    const { version } = await security.call('visibility', {});
    const body = { clientId: newId(), version, rules: [hideBoss()], reason: 'as decided' };
    const changed = await security.call('setVisibility', { body });
    expect(changed).toMatchObject({ version: version + 1, rules: [{ effect: 'hide' }] });
    expect(await security.call('setVisibility', { body })).toMatchObject({ version: version + 1 });
    await expect(
      security.call('setVisibility', { body: { ...body, reason: 'another' } }),
    ).rejects.toMatchObject({
      code: 'client_id_reused',
    });
    await expect(
      security.call('setVisibility', { body: { ...body, clientId: newId() } }),
    ).rejects.toMatchObject({
      code: 'visibility.changed',
    });
    const system = await world.administrator('system-admin');
    await expect(system.call('visibility', {})).rejects.toMatchObject({ code: 'access.forbidden' });
    const audit = await world.administrator('audit-admin');
    const { items } = await audit.call('trail', { query: { action: 'visibility.changed' } });
    expect(items.filter(({ objectId }) => objectId === String(version + 1))).toHaveLength(1);
    const { items: versions } = await audit.call('visibilityVersions', { query: { limit: 1 } });
    expect(versions).toMatchObject([{ version: version + 1 }]);
  });

  it('tell before they hold how many people they concern', async () => {
    await set();
    const preview = await security.call('previewVisibility', {
      body: { rules: [hideBoss()], personId: alice.id },
    });
    expect(preview.effects).toEqual([{ people: 1, viewers: preview.people - 1 }]);
    expect(preview.seenNow).toBe(preview.people);
    expect(preview.seenThen).toBe(preview.people - 1);
    expect(await search(alice, boss.account.username)).toContain(boss.id);
  });
});
