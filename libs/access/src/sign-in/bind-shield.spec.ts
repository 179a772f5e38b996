import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#contracts';
import { readSettings } from '#platform';
import { eventually, makeMigratedDatabase, type MigratedDatabase } from '#testing';
import { LockoutShield } from './bind-shield.service.js';
import { BindShieldStore } from './bind-shield.store.js';

const bound = 4;
const settings = readSettings({ LDAP_BIND_FAILURES: String(bound), LDAP_BIND_WINDOW_MINUTES: '30' });

/** A directory that counts refused binds as Active Directory does: a success forgets those before it. */
class Directory {
  binds = 0;
  bad = 0;

  async bind(password: string): Promise<'wrong' | undefined> {
    this.binds += 1;
    await new Promise((resolve) => setImmediate(resolve));
    if (password === 'right') this.bad = 0;
    else this.bad += 1;
    return password === 'right' ? undefined : 'wrong';
  }
}

describe('the lockout shield', () => {
  let migrated: MigratedDatabase;
  let processes: LockoutShield[];
  let person: string;
  let directory: Directory;

  beforeAll(async () => {
    migrated = await makeMigratedDatabase();
    const databases = [await migrated.open(), await migrated.open()];
    processes = databases.map((database) => new LockoutShield(settings, new BindShieldStore(database)));
  }, 60_000);
  afterAll(() => migrated?.drop());
  beforeEach(() => {
    person = newId();
    directory = new Directory();
  });

  const tries = (password: string, process = 0) =>
    processes[process]!.guard(person, () => directory.bind(password));
  const passes = (minutes: number) =>
    migrated.raw.query(
      `update access.bind_shield set last_at = last_at - make_interval(mins => $2) where account_id = $1`,
      [person, minutes],
    );
  const refused = { code: 'auth.too_many_attempts', retryAfterMs: expect.any(Number) };

  it('lets 10,000 wrong passwords make no more binds than are allowed, on two processes together', async () => {
    const attempts = 10_000;
    const atOnce = 100;
    let refusals = 0;
    for (let i = 0; i < attempts; i += atOnce) {
      const wave = Array.from({ length: atOnce }, (_, k) => tries('wrong', k % 2));
      for (const { status } of await Promise.allSettled(wave)) if (status === 'rejected') refusals += 1;
    }
    expect(directory.binds).toBe(bound);
    expect(refusals).toBe(attempts - bound);
  }, 120_000);

  it('lets a right password wait, too, and counts again from nothing when the window is over', async () => {
    for (let i = 0; i < bound; i += 1) await tries('wrong', i % 2);
    await expect(tries('right')).rejects.toMatchObject(refused);
    expect(directory.binds).toBe(bound);
    await passes(29);
    await expect(tries('right')).rejects.toMatchObject(refused);
    await passes(2);
    await eventually('the person may try again', () =>
      tries('right').then(
        (refusal) => refusal === undefined,
        () => false,
      ),
    );
    for (let i = 0; i < bound; i += 1) await tries('wrong');
    await expect(tries('wrong')).rejects.toMatchObject(refused);
  });

  it('forgets with a success what the directory forgets with it', async () => {
    for (let round = 0; round < 5; round += 1) {
      for (let i = 0; i < bound - 1; i += 1) await tries('wrong');
      await tries('right');
    }
    expect(directory.bad).toBe(0);
    expect(directory.binds).toBe(5 * bound);
  });

  it('lets more devices of one person sign in at once than there are failures allowed', async () => {
    const devices = Array.from({ length: bound * 5 }, (_, i) => tries('right', i % 2));
    await expect(Promise.all(devices)).resolves.toHaveLength(bound * 5);
  });

  it('never lets the directory count to its own lockout while right and wrong passwords mix', async () => {
    let worst = 0;
    for (let i = 0; i < 40; i += 1) {
      const wave = ['wrong', 'wrong', 'right', 'wrong', 'wrong', 'right'].map((password, k) =>
        tries(password, k % 2).catch(() => undefined),
      );
      await Promise.all(wave);
      worst = Math.max(worst, directory.bad);
    }
    expect(worst).toBeLessThanOrEqual(bound);
  }, 60_000);

  it('counts nothing for a directory that does not answer', async () => {
    const away = () => processes[0]!.guard(person, () => Promise.reject(new Error('away')));
    for (let i = 0; i < bound * 3; i += 1) await expect(away()).rejects.toThrow('away');
    await expect(tries('right')).resolves.toBeUndefined();
  });
});
