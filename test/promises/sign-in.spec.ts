import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Http } from '#client';
import { BindRelay, World, type Account } from '#testing';

const windowsError = (data: string) =>
  `80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data ${data}, v4563`;

describe('signing in with the directory', () => {
  const relay = new BindRelay();
  let world: World;
  let http: Http;
  let accounts: Account[];

  beforeAll(async () => {
    world = await World.start({
      topology: 'several',
      bindRelay: relay,
      settings: {
        SIGN_IN_FAILURES_PER_ACCOUNT: '100',
        SIGN_IN_FAILURES_PER_ADDRESS: '100000',
        LDAP_BIND_FAILURES: '4',
        LDAP_SIGN_IN_DOMAINS: 'MINISTRY',
        LDAP_SIGN_IN_BY_STAFF_NUMBER: '1',
      },
    });
    http = new Http(world.address);
    accounts = (await world.accounts()).filter(({ role }) => role === 'employee');
  }, 60_000);
  afterAll(() => world?.stop(), 30_000);

  const signIn = (username: string, password: string) =>
    http.call('login', { body: { username, password, device: { name: 'test', platform: 'node' } } });
  const dnOf = ({ username }: Account) => `uid=${username},ou=people,${world.baseDn}`;

  it.each([
    ['525', 'auth.invalid_credentials', 401],
    ['52e', 'auth.invalid_credentials', 401],
    ['530', 'auth.hours_restricted', 403],
    ['531', 'auth.device_restricted', 403],
    ['532', 'auth.password_expired', 403],
    ['533', 'auth.account_disabled', 403],
    ['701', 'auth.account_expired', 403],
    ['773', 'auth.password_must_change', 403],
    ['775', 'auth.account_locked', 403],
  ])('tells what Active Directory means by data %s: %s', async (data, code, status) => {
    const account = accounts[Number.parseInt(data, 16) % 20]!;
    relay.answer(dnOf(account), { code: 49, message: windowsError(data) });
    await expect(signIn(account.username, 'whatever')).rejects.toMatchObject({ code, status });
    relay.answer(dnOf(account), undefined);
    await expect(signIn(account.username, account.password)).resolves.toMatchObject({
      user: { username: account.username },
    });
  });

  it('says nothing of this about a name the directory does not have', async () => {
    for (const name of ['nobody.here', '*', '*)(uid=*))(|(uid=*', 'a,b+c', 'x\u0000y', 'OTHER\\nobody']) {
      await expect(signIn(name, 'whatever')).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
    }
  });

  it('never sends an empty password to the directory', async () => {
    const account = accounts[21]!;
    await expect(signIn(account.username, '')).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
    expect(relay.countOf(dnOf(account))).toBe(0);
  });

  it('a directory that is busy says nothing about the password', async () => {
    const account = accounts[22]!;
    relay.answer(dnOf(account), { code: 51, message: 'busy' });
    for (let i = 0; i < 8; i += 1) {
      await expect(signIn(account.username, account.password)).rejects.toMatchObject({
        code: 'auth.directory_unavailable',
      });
    }
    relay.answer(dnOf(account), undefined);
    await expect(signIn(account.username, account.password)).resolves.toBeDefined();
  });

  it('knows a person by user name, with domain before or behind, and by staff number', async () => {
    const { username, password } = accounts[23]!;
    const { user } = await signIn(username, password);
    const { staffNumber } = await ofPerson(user.id);
    const domain = world.baseDn
      .split(',')
      .map((part) => part.replace('dc=', ''))
      .join('.');
    const names = [
      username.toUpperCase(),
      `${username}@${domain}`,
      `ministry\\${username}`,
      `${domain.split('.')[0]}\\${username}`,
      staffNumber!,
    ];
    for (const name of names) expect((await signIn(name, password)).user).toEqual(user);
  });

  it('makes no more refused binds than allowed, whichever name is used', async () => {
    const account = accounts[24]!;
    const before = relay.countOf(dnOf(account));
    const names = [account.username, account.username.toUpperCase(), `MINISTRY\\${account.username}`];
    const codes = new Set<string>();
    for (let wave = 0; wave < 10; wave += 1) {
      const attempts = Array.from({ length: 20 }, (_, i) =>
        refusalOf(signIn(names[i % names.length]!, `guess ${wave} ${i}`)),
      );
      for (const code of await Promise.all(attempts)) codes.add(code);
    }
    expect(relay.countOf(dnOf(account)) - before).toBeLessThanOrEqual(4);
    // The door may refuse as well, before any name is looked at.
    codes.delete('rate.limited');
    expect([...codes].toSorted()).toEqual(['auth.invalid_credentials', 'auth.too_many_attempts']);
    expect(['auth.too_many_attempts', 'rate.limited']).toContain(
      await refusalOf(signIn(account.username, account.password)),
    );
  }, 60_000);

  const refusalOf = (attempt: Promise<unknown>): Promise<string> =>
    attempt.then(
      () => 'signed in',
      (error: { code: string }) => error.code,
    );

  it('answers for a name that nobody has as for one that somebody has, and counts alike', async () => {
    const { username } = accounts[25]!;
    const answers = new Map<string, string[]>();
    const times = new Map<string, number>();
    for (const name of [username, 'nobody.at.all']) {
      const begin = performance.now();
      const codes: string[] = [];
      for (let i = 0; i < 6; i += 1) codes.push(await refusalOf(signIn(name, `guess ${i}`)));
      answers.set(name, codes);
      times.set(name, performance.now() - begin);
    }
    expect(answers.get('nobody.at.all')).toEqual(answers.get(username));
    expect(answers.get(username)).toEqual([
      ...Array.from({ length: 4 }, () => 'auth.invalid_credentials'),
      ...Array.from({ length: 2 }, () => 'auth.too_many_attempts'),
    ]);
    expect(times.get('nobody.at.all')! / times.get(username)!).toBeGreaterThan(0.6);
  });

  async function ofPerson(id: string) {
    const admin = await world.administrator('system-admin');
    return admin.call('person', { params: { personId: id } });
  }
});
