import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Http } from '#client';
import { administratorRoles, api, apiBase, newId, type Caller, type EndpointShape } from '#contracts';
import { eventually, World, type Employee } from '#testing';

const kinds = ['anonymous', 'employee', 'disabled employee', 'bot', ...administratorRoles] as const;
type Kind = (typeof kinds)[number];

/** The longest any answer may take; none of these calls does work. */
const boundMs = 5000;

interface Answer {
  status: number;
  code: string | undefined;
  body: string;
  ms: number;
}

/** What is known of the caller before the call: nothing, a session that has ended, or who they are. */
function declared(
  endpoint: EndpointShape,
  kind: Kind,
): 'open' | 'auth.required' | 'auth.session_ended' | 'access.forbidden' {
  const { callers, scope } = endpoint;
  if (callers.includes('anyone')) return 'open';
  if (kind === 'anonymous') return 'auth.required';
  if (kind === 'disabled employee') return 'auth.session_ended';
  if (kind === 'bot' && scope === 'messages:send') return 'access.forbidden';
  return callers.includes(kind as Caller) || callers.includes('signed-in') ? 'open' : 'access.forbidden';
}

// Whoever ends all there is of a session comes last.
const endpoints: EndpointShape[] = (Object.values(api) as EndpointShape[]).toSorted(
  (a, b) => Number(endsSessions(a)) - Number(endsSessions(b)),
);

function endsSessions({ method, area, callers }: EndpointShape): boolean {
  return area === 'access' && method !== 'GET' && !callers.includes('anyone');
}

describe('every call of the API, by everybody', () => {
  let world: World;
  let alice: Employee;
  let mallory: Employee;
  let chat: string;
  let botId: string;
  let security: Http;
  const tokens = new Map<Kind, string>();

  beforeAll(async () => {
    world = await World.start({ topology: 'several' });
    const system = await world.administrator('system-admin');
    security = await world.administrator('security-admin');
    const [first, second, third, leaver] = (await world.signIn(4)) as [
      Employee,
      Employee,
      Employee,
      Employee,
    ];
    [alice, mallory] = [first, third];
    chat = await alice.opensDirect(second);
    tokens.set('disabled employee', await leaver.client.session.token());
    await world.changeEntry(leaver.account.username, 'pwdAccountLockedTime', ['20260101000000Z']);
    await system.call('syncNow', { body: { clientId: newId() } });
    await eventually('the leaver is signed out', () => leaver.client.state === 'ended');
    const bot = await system.call('makeBot', {
      body: { clientId: newId(), username: 'matrix', displayName: 'Matrix' },
    });
    botId = bot.id;
    await Promise.all(kinds.map(signIn));
  }, 60_000);
  afterAll(() => world?.stop(), 30_000);

  async function signIn(kind: Kind): Promise<void> {
    if (kind === 'anonymous' || kind === 'disabled employee') return;
    if (kind === 'bot') {
      const scopes = ['messages:read' as const];
      const body = { clientId: newId(), name: 'of the matrix', scopes, days: 1 };
      tokens.set(kind, (await security.call('issueBotToken', { params: { botId }, body })).token);
    } else {
      const { username, password } = (await world.ofEachRole()).find(({ role }) => role === kind)!;
      const body = { username, password, device: { name: `matrix ${newId()}`, platform: 'node' as const } };
      tokens.set(kind, (await security.call('login', { body })).accessToken);
    }
  }

  async function ask(endpoint: EndpointShape, kind: Kind, ids: Record<string, string> = {}): Promise<Answer> {
    const { method, path, body } = endpoint;
    const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? newId());
    const token = tokens.get(kind);
    const started = performance.now();
    const answer = await fetch(world.address + apiBase + filled, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: '{}' }),
      signal: AbortSignal.timeout(boundMs),
    });
    const text = await answer.text();
    const isFault = answer.status >= 400 && text.startsWith('{');
    const code = isFault ? (JSON.parse(text) as { error?: { code: string } }).error?.code : undefined;
    return { status: answer.status, code, body: text, ms: performance.now() - started };
  }

  it.each(endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    'is answered as declared: %s',
    async (_name, endpoint) => {
      for (const kind of kinds) {
        const outcome = declared(endpoint, kind);
        const answer = await ask(endpoint, kind);
        const seen = { kind, code: answer.code, status: answer.status };
        if (outcome === 'open') {
          expect(seen).not.toMatchObject({ code: 'access.forbidden' });
          expect(seen).not.toMatchObject({ code: 'auth.required' });
          expect([500, 502]).not.toContain(seen.status);
          if (endsSessions(endpoint)) await signIn(kind);
        } else if (endpoint.method === 'HEAD') {
          expect(seen.status).toBe(outcome === 'access.forbidden' ? 403 : 401);
        } else {
          expect(seen).toMatchObject({ kind, code: outcome });
        }
        expect(answer.ms).toBeLessThan(boundMs);
      }
    },
    60_000,
  );

  it('says of a conversation of others the same as of none, to the letter', async () => {
    const ofConversations = endpoints.filter(
      ({ path, callers, method }) =>
        path.includes(':conversationId') && callers.includes('employee') && method !== 'HEAD',
    );
    expect(ofConversations.length).toBeGreaterThan(5);
    tokens.set('employee', await mallory.client.session.token());
    for (const endpoint of ofConversations) {
      const forbidden = await ask(endpoint, 'employee', { conversationId: chat });
      const unknown = await ask(endpoint, 'employee', { conversationId: newId() });
      const said = ({ status, body }: Answer) => ({ path: endpoint.path, status, body });
      expect(said(forbidden)).toEqual(said(unknown));
    }
  });

  it('says of a file of somebody else the same as of none', async () => {
    const asked = ['fileContent', 'file', 'appendUpload', 'cancelUpload'] as const;
    const created = await fetch(`${world.address}${apiBase}/files`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await alice.client.session.token()}`,
        'tus-resumable': '1.0.0',
        'upload-length': '10',
        'upload-metadata': `name ${Buffer.from('a').toString('base64')}`,
      },
    });
    const fileId = created.headers.get('location')!.split('/').at(-1)!;
    for (const id of asked) {
      const forbidden = await ask(api[id], 'employee', { fileId });
      const unknown = await ask(api[id], 'employee', { fileId: newId() });
      expect([id, forbidden.status, forbidden.body]).toEqual([id, unknown.status, unknown.body]);
    }
  });
});
