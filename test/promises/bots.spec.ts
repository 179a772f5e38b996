import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Http } from '#client';
import { newId, type BotScope } from '#contracts';
import { eventually, World, type Employee } from '#testing';

describe('bots', () => {
  let world: World;
  let system: Http;
  let security: Http;
  let alice: Employee;
  let bob: Employee;
  let botId: string;
  let group: string;

  /** The API with a token of the bot. */
  async function as(scopes: BotScope[], clientId = newId()) {
    const { token, id } = await security.call('issueBotToken', {
      params: { botId },
      body: { clientId, name: 'report of the morning', scopes, days: 1 },
    });
    const http = new Http(world.address);
    http.use({ token: () => Promise.resolve(token), renewed: (refused) => Promise.resolve(refused) });
    return { http, tokenId: id, token };
  }

  const says = (http: Http, text: string, clientId = newId()) =>
    http.call('sendMessage', {
      params: { conversationId: group },
      body: { clientId, body: { type: 'text', text } },
    });

  beforeAll(async () => {
    world = await World.start();
    system = await world.administrator('system-admin');
    security = await world.administrator('security-admin');
    [alice, bob] = (await world.signIn(2)) as [Employee, Employee];
    const request = { clientId: newId(), username: 'reporter', displayName: '早报' };
    const made = await system.call('makeBot', { body: request });
    expect(await system.call('makeBot', { body: request })).toEqual(made);
    botId = made.id;
    group = await alice.createsGroup('with a bot', [bob]);
    await alice.client.call('addMembers', {
      params: { conversationId: group },
      body: { clientId: newId(), memberIds: [botId] },
    });
  }, 60_000);
  afterAll(() => world?.stop(), 30_000);

  it('send like people: once however often they repeat, in order, and are seen to be bots', async () => {
    const { http } = await as(['messages:send']);
    const clientId = newId();
    const first = await says(http, '早上好', clientId);
    const repeats = await Promise.all([says(http, '早上好', clientId), says(http, '早上好', clientId)]);
    expect(repeats).toEqual([first, first]);
    await expect(says(http, 'other words', clientId)).rejects.toMatchObject({ code: 'client_id_reused' });
    await bob.device.reaches(group, first.seq);
    const seen = bob.device.log(group).at(-1)!;
    expect(seen).toMatchObject({ seq: first.seq, actorId: botId, actorKind: 'bot' });
    const { items } = await bob.client.call('peopleByIds', { body: { ids: [botId] } });
    expect(items).toMatchObject([{ kind: 'bot', displayName: '早报', active: true }]);
  });

  it('read what they were added to, from then on, by sync and by the log', async () => {
    const { http } = await as(['messages:read']);
    const { seq } = await alice.sends(group, 'a question for the bot');
    const found = await eventually('the sync has it', async () => {
      const { conversations } = await http.call('sync', { query: {} });
      return conversations.find(({ id, headSeq }) => id === group && headSeq >= seq);
    });
    expect(found.floorSeq).toBe(1);
    const { events } = await http.call('events', { params: { conversationId: group }, query: {} });
    expect(events.map((event) => event.seq)).toEqual(Array.from({ length: seq - 1 }, (_, i) => i + 2));
  });

  it('may do only what their token was issued for', async () => {
    const reader = await as(['messages:read']);
    const sender = await as(['messages:send']);
    const forbidden = { code: 'access.forbidden' };
    await expect(says(reader.http, 'no')).rejects.toMatchObject(forbidden);
    await expect(
      sender.http.call('events', { params: { conversationId: group }, query: {} }),
    ).rejects.toMatchObject(forbidden);
    await expect(sender.http.call('people', { query: {} })).rejects.toMatchObject(forbidden);
    await expect(
      reader.http.call('createConversation', { body: { kind: 'direct', memberIds: [alice.id] } }),
    ).rejects.toMatchObject(forbidden);
    await expect(system.call('issueBotToken', tokenRequest())).rejects.toMatchObject(forbidden);
  });

  it('get the same token for the same request, and its text is stored nowhere', async () => {
    const clientId = newId();
    const [one, again] = [await as(['messages:read'], clientId), await as(['messages:read'], clientId)];
    expect(again.tokenId).toBe(one.tokenId);
    await expect(as(['messages:send'], clientId)).rejects.toMatchObject({ code: 'client_id_reused' });
    const { items } = await system.call('botTokens', { params: { botId }, query: {} });
    expect(JSON.stringify(items)).not.toContain(one.token);
    expect(items.find(({ id }) => id === one.tokenId)).toMatchObject({
      scopes: ['messages:read'],
      endedAt: null,
    });
  });

  it('are refused within a second once a token is revoked', async () => {
    const { http, tokenId } = await as(['messages:send']);
    await says(http, 'still here');
    await security.call('revokeBotToken', { params: { botId, tokenId } });
    await eventually(
      'the token is refused everywhere',
      async () => {
        const answers = await Promise.allSettled([says(http, 'gone'), says(http, 'gone')]);
        return answers.every((answer) => answer.status === 'rejected');
      },
      2000,
    );
    await expect(says(http, 'gone')).rejects.toMatchObject({ code: 'auth.session_ended' });
  });

  it('are refused once they are disabled, and cannot sign in with a password at any time', async () => {
    const { http } = await as(['messages:send']);
    const login = {
      username: 'reporter',
      password: 'anything',
      device: { name: 'x', platform: 'node' as const },
    };
    await expect(new Http(world.address).call('login', { body: login })).rejects.toMatchObject({
      code: 'auth.invalid_credentials',
    });
    await system.call('disableBot', { params: { botId }, body: { clientId: newId() } });
    await eventually('the bot is refused', () =>
      says(http, 'gone').then(
        () => false,
        ({ code }: { code: string }) => code === 'auth.session_ended',
      ),
    );
    await expect(security.call('issueBotToken', tokenRequest())).rejects.toMatchObject({
      code: 'bot.not_found',
    });
  });

  const tokenRequest = () => ({
    params: { botId },
    body: { clientId: newId(), name: 'x', scopes: ['messages:send' as const], days: 1 },
  });
});
