import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiBase, newId, type ErrorAnswer } from '#contracts';
import { World, type Employee } from '#testing';

const text = (value: string) => ({ clientId: newId(), body: { type: 'text' as const, text: value } });

describe('a refusal, with several processes', () => {
  let world: World;
  let alice: Employee;
  let bob: Employee;
  let mallory: Employee;
  let chat: string;

  beforeAll(async () => {
    world = await World.start({ topology: 'several' });
    [alice, bob, mallory] = (await world.signIn(3)) as [Employee, Employee, Employee];
    chat = await alice.opensDirect(bob);
  }, 60_000);
  afterAll(() => world?.stop(), 30_000);

  /** A request as anybody could make it, without the SDK's own checks. */
  async function ask(method: string, path: string, body?: string, token?: string) {
    const answer = await fetch(world.address + apiBase + path, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body,
    });
    const { error } = (await answer.json()) as ErrorAnswer;
    return {
      status: answer.status,
      code: error.code,
      details: error.details,
      retryAfter: answer.headers.get('retry-after'),
    };
  }
  const asAlice = async (method: string, path: string, body?: string) =>
    ask(method, path, body, await alice.client.session.token());

  it('of a wrong password, an unknown name and an empty password says the same', async () => {
    const { username } = alice.account;
    const tries = [
      [username, 'wrong'],
      [username, ''],
      ['nobody-of-this-name', 'wrong'],
    ].map(([username, password]) =>
      ask(
        'POST',
        '/auth/login',
        JSON.stringify({ username, password, device: { name: 't', platform: 'node' } }),
      ),
    );
    for (const refusal of await Promise.all(tries)) {
      expect(refusal).toMatchObject({ status: 401, code: 'auth.invalid_credentials' });
    }
  });

  it('meets those who are not signed in, and those who are but may not', async () => {
    expect(await ask('GET', '/conversations')).toMatchObject({ status: 401, code: 'auth.required' });
    expect(await ask('GET', '/conversations', undefined, 'nonsense')).toMatchObject({
      status: 401,
      code: 'auth.required',
    });
    expect(await asAlice('GET', '/admin/people')).toMatchObject({ status: 403, code: 'access.forbidden' });
    expect(await asAlice('GET', '/audit/trail')).toMatchObject({ status: 403, code: 'access.forbidden' });
  });

  it('keeps administrators out of conversations', async () => {
    for (const role of ['system-admin', 'security-admin', 'audit-admin'] as const) {
      const http = await world.administrator(role);
      await expect(http.call('conversations', {})).rejects.toMatchObject({ code: 'access.forbidden' });
      const events = http.call('events', { params: { conversationId: chat } });
      await expect(events).rejects.toMatchObject({ code: 'access.forbidden' });
    }
  });

  it('of a text of 16,385 bytes says so with the numbers; 16,384 bytes go through', async () => {
    const path = `/conversations/${chat}/messages`;
    expect(await asAlice('POST', path, JSON.stringify(text('a'.repeat(16_385))))).toMatchObject({
      status: 422,
      code: 'message.too_long',
      details: { bytes: 16_385, maxBytes: 16_384 },
    });
    const longest = text(`${'文'.repeat(5461)}a`);
    const ack = await alice.client.call('sendMessage', { params: { conversationId: chat }, body: longest });
    expect(ack.conversationId).toBe(chat);
  });

  it('of malformed JSON, unknown fields and impossible values says where', async () => {
    const path = `/conversations/${chat}/messages`;
    expect(await asAlice('POST', path, '{"clientId":')).toMatchObject({
      status: 400,
      code: 'request.malformed',
    });
    expect(await asAlice('POST', path, JSON.stringify({ ...text('x'), extra: 1 }))).toMatchObject({
      status: 400,
      code: 'request.malformed',
    });
    expect(
      await asAlice('POST', path, JSON.stringify({ ...text('x'), clientId: 'with space' })),
    ).toMatchObject({
      details: { issues: [expect.objectContaining({ path: 'clientId' })] },
    });
    expect(await asAlice('GET', '/conversations?limit=100000')).toMatchObject({ code: 'request.malformed' });
    expect(await asAlice('GET', '/conversations?cursor=nonsense')).toMatchObject({
      code: 'request.malformed',
    });
  });

  it('of a request beyond 60 KiB comes before it is read', async () => {
    const body = JSON.stringify({ ...text('x'), more: 'a'.repeat(61 * 1024) });
    expect(await asAlice('POST', `/conversations/${chat}/messages`, body)).toMatchObject({
      status: 413,
      code: 'request.too_large',
    });
  });

  it('does not tell a conversation of others from one that does not exist', async () => {
    const mine = async (conversationId: string) => {
      const calls = [
        mallory.client.call('conversation', { params: { conversationId } }),
        mallory.client.call('events', { params: { conversationId } }),
        mallory.client.call('messages', { params: { conversationId } }),
        mallory.client.call('members', { params: { conversationId } }),
        mallory.client.call('sendMessage', { params: { conversationId }, body: text('hello?') }),
        mallory.client.call('markRead', { params: { conversationId }, body: { seq: 1 } }),
        mallory.client.call('addMembers', {
          params: { conversationId },
          body: { clientId: newId(), memberIds: [mallory.id] },
        }),
      ];
      return Promise.all(
        calls.map((call) =>
          call.then(
            () => 'allowed',
            (error: { code: string }) => error.code,
          ),
        ),
      );
    };
    const refused = Array(7).fill('conversation.not_a_member');
    expect(await mine(chat)).toEqual(refused);
    expect(await mine(newId())).toEqual(refused);
    expect(await mine('no-id-at-all')).toEqual(refused);
  });

  it('keeps the file of somebody else where it is, until it is sent to the one who asks', async () => {
    const content = Buffer.from('for bob only');
    const fileId = await alice.client.upload(content, { name: 'note.txt' });
    const get = async (employee: Employee) =>
      fetch(`${world.address}${apiBase}/files/${fileId}/content`, {
        headers: { authorization: `Bearer ${await employee.client.session.token()}` },
      });
    for (const stranger of [bob, mallory]) {
      const answer = await get(stranger);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ error: { code: 'file.not_found' } });
    }
    await expect(
      mallory.client.deliver(await mallory.opensDirect(bob), { type: 'file', fileId }),
    ).rejects.toMatchObject({ code: 'file.not_found' });
    await alice.client.deliver(chat, { type: 'file', fileId });
    expect(Buffer.from(await (await get(bob)).arrayBuffer())).toEqual(content);
    expect((await get(mallory)).status).toBe(404);
  });

  it('of an unknown address, or an unknown socket event, is a refusal like any other', async () => {
    expect(await asAlice('GET', '/nothing/here')).toMatchObject({ status: 404, code: 'route.not_found' });
  });

  it('of people who do not exist names them', async () => {
    const nobody = newId();
    const call = alice.client.call('createConversation', { body: { kind: 'direct', memberIds: [nobody] } });
    await expect(call).rejects.toMatchObject({
      code: 'conversation.members_invalid',
      details: { personIds: [nobody] },
    });
  });

  it('to sign in is told while the directory is down, and everything else goes on', async () => {
    await world.endDirectory();
    const late = (await world.accounts()).at(5)!;
    const login = alice.client.call('login', {
      body: { username: late.username, password: late.password, device: { name: 't', platform: 'node' } },
    });
    await expect(login).rejects.toMatchObject({ code: 'auth.directory_unavailable', status: 503 });
    await alice.sends(chat, 'still here');
    await bob.device.sees(chat, 'still here');
  });
});

describe('signing in', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ settings: { SIGN_IN_FAILURES_PER_ACCOUNT: '3' } });
  }, 60_000);
  afterAll(() => world?.stop(), 30_000);

  it('makes those wait who fail too often, and tells how long', async () => {
    const http = await world.administrator('system-admin');
    const [account] = await world.accounts();
    const signIn = (password: string) =>
      http.call('login', {
        body: { username: account!.username, password, device: { name: 't', platform: 'node' } },
      });
    for (let i = 0; i < 3; i += 1) {
      await expect(signIn('wrong')).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
    }
    await expect(signIn(account!.password)).rejects.toMatchObject({
      code: 'auth.too_many_attempts',
      retryAfterMs: expect.any(Number),
    });
  });
});
