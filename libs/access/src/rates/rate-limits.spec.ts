import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { eventually, makeMigratedDatabase, openModules, type MigratedDatabase } from '#testing';
import { RateLimits, type Rate } from './rate-limits.service.js';
import { RatesStore } from './rates.store.js';

@Module({ providers: [RatesStore, RateLimits], exports: [RateLimits] })
class RatesModule {}

describe('a rate that two processes share', () => {
  let migrated: MigratedDatabase;
  const processes: INestApplicationContext[] = [];
  let limits: [RateLimits, RateLimits];

  beforeAll(async () => {
    migrated = await makeMigratedDatabase();
    for (let i = 0; i < 2; i += 1)
      processes.push(await openModules({ DATABASE_URL: migrated.raw.url }, RatesModule));
    limits = [processes[0]!.get(RateLimits), processes[1]!.get(RateLimits)];
  }, 60_000);
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.close()));
    await migrated?.drop();
  });

  /** Everybody takes as fast as answers come, for a time. @returns what was given, and seconds it took */
  const hammer = async (subject: string, rate: Rate, forMs: number) => {
    const start = performance.now();
    const given = [0, 0];
    const take = async (who: 0 | 1) => {
      while (performance.now() - start < forMs) {
        if ((await limits[who].take(subject, rate)) === 0) given[who]! += 1;
        else await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await Promise.all([take(0), take(0), take(0), take(1), take(1), take(1)]);
    return { given, seconds: (performance.now() - start) / 1000 };
  };

  it.each([
    ['slow', { perSecond: 5, size: 10, lease: 1 }],
    ['fast', { perSecond: 200, size: 400, lease: 25 }],
  ])('is exceeded by no more than a tenth, and mostly given: %s', async (name, rate) => {
    const { given, seconds } = await hammer(name, rate, 3000);
    const allowed = rate.size + rate.perSecond * seconds;
    const total = given[0]! + given[1]!;
    expect(total).toBeLessThanOrEqual(allowed * 1.1);
    expect(total).toBeGreaterThanOrEqual(allowed * 0.7);
  });

  it('gives each subject its own, however many ask at once', async () => {
    const rate = { perSecond: 0.01, size: 3, lease: 1 };
    const subjects = Array.from({ length: 50 }, (_, i) => `subject ${i}`);
    const asked = subjects.flatMap((subject) =>
      [0, 1, 0, 1, 0].map((who) => limits[who]!.take(subject, rate)),
    );
    const answers = await Promise.all(asked);
    expect(answers.filter((wait) => wait === 0)).toHaveLength(150);
  });

  it('says when there is one again, and keeps the promise', async () => {
    const rate = { perSecond: 4, size: 1, lease: 1 };
    expect(await limits[0].take('later', rate)).toBe(0);
    const wait = await limits[1].take('later', rate);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(250);
    await eventually('there is one', async () => (await limits[1].take('later', rate)) === 0, 1000);
  });

  it('refuses for a second without asking anybody', async () => {
    const rate = { perSecond: 0.01, size: 1, lease: 1 };
    await limits[0].take('hot', rate);
    expect(await limits[0].take('hot', rate)).toBeGreaterThan(0);
    const [before] = await migrated.raw.query<{ filled_at: Date }>(
      `select filled_at from access.rate_bucket where subject = 'hot'`,
    );
    await expect(limits[0].require('hot', rate)).rejects.toMatchObject({ code: 'rate.limited' });
    const [after] = await migrated.raw.query<{ filled_at: Date }>(
      `select filled_at from access.rate_bucket where subject = 'hot'`,
    );
    expect(after).toEqual(before);
  });
});
