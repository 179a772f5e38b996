import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, request } from 'node:http';
import { apiBase } from '#contracts';
import { World, type Account } from '#testing';

const perSecond = 1000;
const seconds = 4;
const flooder = '10.9.9.9';

describe('signing in', () => {
  let world: World;
  let accounts: Account[];
  // The flood has connections of its own, as it would have from another machine.
  const agents = {
    honest: new Agent({ keepAlive: true }),
    flood: new Agent({ keepAlive: true, maxSockets: 1000 }),
  };

  beforeAll(async () => {
    world = await World.start({ settings: { TRUSTED_PROXIES: '127.0.0.1' } });
    accounts = (await world.accounts()).filter(({ role }) => role === 'employee');
  }, 60_000);
  afterAll(async () => {
    agents.honest.destroy();
    agents.flood.destroy();
    await world?.stop();
  }, 30_000);

  const signIn = (
    { username, password }: { username: string; password: string },
    from: string,
    device = 'test',
  ) => {
    const body = JSON.stringify({ username, password, device: { name: device, platform: 'node' } });
    const started = performance.now();
    return new Promise<{ status: number; ms: number; code?: string; retryAfterMs?: number }>(
      (resolve, reject) => {
        const headers = {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'x-forwarded-for': from,
        };
        const asked = request(
          `${world.address}${apiBase}/auth/login`,
          { method: 'POST', agent: from === flooder ? agents.flood : agents.honest, headers },
          (answer) => {
            let text = '';
            answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
            answer.on('end', () => {
              const { error } = JSON.parse(text) as { error?: { code: string; retryAfterMs?: number } };
              resolve({ status: answer.statusCode!, ms: performance.now() - started, ...error });
            });
          },
        );
        asked.on('error', reject);
        asked.end(body);
      },
    );
  };

  it('lets 300 people in from one address', async () => {
    const answers: number[] = [];
    for (let at = 0; at < 300; at += 20) {
      const some = Array.from({ length: 20 }, (_, i) => accounts[(at + i) % accounts.length]!);
      answers.push(
        ...(await Promise.all(some.map((one) => signIn(one, '10.0.0.1')))).map(({ status }) => status),
      );
    }
    expect(answers.filter((status) => status !== 200)).toEqual([]);
  }, 60_000);

  it('is refused to an account that tries too often, wherever from, known or not', async () => {
    for (const username of [accounts.at(-1)!.username, 'nobody-of-this-name']) {
      const tries = Array.from({ length: 70 }, (_, i) => signIn({ username, password: '' }, `10.1.0.${i}`));
      const refused = (await Promise.all(tries)).filter(({ code }) => code === 'rate.limited');
      expect(refused.length).toBeGreaterThan(0);
      for (const { retryAfterMs } of refused) expect(retryAfterMs).toBeGreaterThan(0);
    }
  }, 30_000);

  it('lets honest people in under a flood of 1,000 a second, which is refused before the directory', async () => {
    const flood: Promise<{ status: number; code?: string }>[] = [];
    const honest: Promise<{ status: number; ms: number }>[] = [];
    const started = performance.now();
    let sent = 0;
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        const due = Math.min(perSecond * seconds, ((performance.now() - started) / 1000) * perSecond);
        for (; sent < due; sent += 1) {
          flood.push(signIn({ username: `guess-${sent}`, password: 'guess' }, flooder));
          if (sent % 100 === 0) {
            const who = accounts[(sent / 100) % accounts.length]!;
            honest.push(signIn(who, `10.2.0.${sent / 100}`, `honest ${sent}`));
          }
        }
        if (sent < perSecond * seconds) return;
        clearInterval(timer);
        resolve();
      }, 5);
    });
    const waits = (await Promise.all(honest)).map(({ status, ms }) => (status === 200 ? ms : Infinity));
    const codes = Map.groupBy(await Promise.all(flood), ({ code }) => code);
    const checked = codes.get('auth.invalid_credentials')?.length ?? 0;
    const slowest = Math.max(...waits);
    process.stdout.write(
      `flood: ${flood.length} tries, ${checked} reached the directory; honest people: slowest ${Math.round(slowest)} ms of ${waits.length}\n`,
    );
    // As many failures as an address may have, and those that were being checked meanwhile.
    expect(checked).toBeLessThanOrEqual(100 + 16);
    // Everybody came in; how fast is for a machine that has nothing else to do.
    expect(waits).not.toContain(Infinity);
  }, 60_000);
});
