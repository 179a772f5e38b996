import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Http } from '#client';
import { apiBase, NIL_ID, newId } from '#contracts';
import { eventually, World, type Employee } from '#testing';

describe('what an administrator decides, with several processes', () => {
  let world: World;
  let security: Http;
  let alice: Employee;
  let bob: Employee;

  beforeAll(async () => {
    world = await World.start({ topology: 'several' });
    [alice, bob] = (await world.signIn(2)) as [Employee, Employee];
    security = await world.administrator('security-admin');
  }, 60_000);
  afterAll(() => world?.stop(), 30_000);

  const change = (name: string, value: Record<string, unknown> | null, personId?: string, baseVersion = 0) =>
    security.call('changePolicy', {
      params: { name },
      body: {
        clientId: newId(),
        scope: personId ? { kind: 'person', id: personId } : { kind: 'installation', id: NIL_ID },
        value,
        baseVersion,
        reason: 'a test',
      },
    });
  const upload = async (who: Employee, bytes: number) => {
    const answer = await fetch(`${world.address}${apiBase}/files`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await who.client.session.token()}`,
        'tus-resumable': '1.0.0',
        'upload-length': String(bytes),
        'upload-metadata': `name ${Buffer.from('a').toString('base64')}`,
      },
    });
    return answer.status;
  };

  const active = async () => {
    const { items } = await security.call('people', { query: { limit: 200 } });
    return items.filter((one) => one.active);
  };

  it('bounds the files of one person and nobody else, within a second, until it is taken back', async () => {
    expect(await upload(alice, 2000)).toBe(201);
    await change('files.limit', { maxBytes: 1000 }, alice.id);
    await eventually('Alice is refused', async () => (await upload(alice, 2000)) === 413, 1000);
    expect(await upload(alice, 1000)).toBe(201);
    expect(await upload(bob, 2000)).toBe(201);
    await change('files.limit', null, alice.id, 1);
    await eventually('Alice may again', async () => (await upload(alice, 2000)) === 201, 1000);
  });

  it('bounds how much a person sends, and the refusal says when to try again', async () => {
    const chat = await alice.opensDirect(bob);
    await change('messages.rate', { perSecond: 0.5 }, alice.id);
    const send = async () => {
      const answer = await fetch(`${world.address}${apiBase}/conversations/${chat}/messages`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await alice.client.session.token()}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ clientId: newId(), body: { type: 'text', text: 'one of many' } }),
      });
      return { status: answer.status, retryAfter: answer.headers.get('retry-after') };
    };
    const refused = await eventually('a message is refused', async () => {
      const answer = await send();
      return answer.status === 429 && answer;
    });
    expect(Number(refused.retryAfter)).toBeGreaterThan(0);
  });

  it('is explained for one person, and kept with before and after', async () => {
    await change('files.limit', { maxBytes: 5000 });
    const name = { name: 'files.limit' };
    await change('files.limit', { maxBytes: 6000 }, bob.id);
    const effect = await eventually('Bob has his own', async () => {
      const seen = await security.call('policyEffect', { params: name, query: { personId: bob.id } });
      return seen.version === 1 && seen.scope?.kind === 'person' && seen;
    });
    expect(effect.value).toEqual({ maxBytes: 6000 });
    expect(effect.steps.at(-1)).toMatchObject({ value: { maxBytes: 5000 }, decides: false });
    expect(effect.steps.some(({ scope }) => scope.kind === 'department')).toBe(true);
    const { items } = await security.call('policyVersions', { params: name, query: { limit: 1 } });
    expect(items[0]).toMatchObject({ people: 1, before: null, scopeName: bob.account.displayName });
    const preview = { scope: { kind: 'installation' as const, id: NIL_ID }, value: { maxBytes: 1 } };
    const { people } = await security.call('previewPolicy', { params: name, body: preview });
    expect(people).toBe((await active()).length);
  });
});
