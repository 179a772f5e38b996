import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#contracts';
import { chancery, eventually, World } from '#testing';

describe('the directory from the command line', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start({ topology: 'several', settings: { LDAP_LOOK_SECONDS: '0' } });
  }, 90_000);
  afterAll(() => world?.stop(), 30_000);

  /** What the tool says, and its exit code. */
  const directory = (...words: string[]) =>
    chancery(['directory', ...words], {
      CHANCERY_DATA: world.data,
      DATABASE_URL: world.database!.url,
      LOG_LEVEL: 'silent',
    });
  const people = () =>
    world.database!.query<{ username: string; title: string | null; active: boolean }>(
      `select username, title, active from directory.person where kind = 'person' order by username`,
    );

  it('says what a synchronisation would do, and does nothing', async () => {
    const [first, second] = (await world.accounts()).filter(({ role }) => role === 'employee');
    await world.changeEntry(first!.username, 'title', ['Office cat']);
    await world.changeEntry(second!.username, 'pwdAccountLockedTime', ['000001010000Z']);
    const before = await people();
    const { said, code } = await directory('sync', '--dry-run');
    expect(said).toMatch(/^LDAP: read 60 people and \d+ departments\.\n/);
    expect(said).toContain('would change  people: 0 new, 1 changed, 1 disabled;');
    expect(said).toMatch(/ {2}changed {3}person .+\(.*title.*\)\n/);
    expect(said).toMatch(/ {2}disabled {2}person /);
    expect(said).not.toContain('Office cat');
    expect(code).toBe(0);
    expect(await people()).toEqual(before);
  });

  it('takes over what is there, and says how the directory stands', async () => {
    expect((await directory('sync')).said).toContain('changed  people: 0 new, 1 changed, 1 disabled;');
    const active = (await people()).filter((person) => person.active).length;
    const { said, code } = await directory('status');
    expect(said).toContain(`LDAP: openldap, active, ${active} active people`);
    expect(said).toMatch(/complete run {2}done since 20/);
    expect(said).toMatch(/read up to {4}\d{14}Z of 127\.0\.0\.1:\d+/);
    expect(code).toBe(0);
  });

  it('ends with 2 where a guard stops the plan', async () => {
    const employees = (await world.accounts()).filter(({ role }) => role === 'employee').slice(2, 9);
    for (const { username } of employees) {
      await world.changeEntry(username, 'pwdAccountLockedTime', ['000001010000Z']);
    }
    const { said, code } = await directory('sync', '--dry-run');
    expect(said).toContain('STOPPED  losses: 7, and 5 pass by themselves');
    expect(code).toBe(2);
    // A dry run waits for nobody.
    expect((await directory('status')).code).toBe(0);
    expect((await directory('sync')).code).toBe(2);
    const status = await directory('status');
    expect(status.said).toContain('STOPPED by a guard');
    expect(status.code).toBe(2);
  });

  it('ends with 1 where the directory is away', async () => {
    await world.endDirectory();
    const { said, code } = await directory('sync', '--dry-run');
    expect(said).toMatch(/LDAP: FAILED, nobody was changed\. No server of the directory/);
    expect(code).toBe(1);
    const admin = await world.administrator('system-admin');
    await admin.call('syncNow', { body: { clientId: newId() } });
    const status = await eventually('the run has failed', async () => {
      const { said: told, code: exit } = await directory('status');
      return exit === 1 && told;
    });
    expect(status).toMatch(/complete run {2}FAILED at 20/);
  });
});
