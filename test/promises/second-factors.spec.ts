import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Http, Session, type RefusedError } from '#client';
import { newId, type AdministratorRole, type SecondFactorDemand } from '#contracts';
import { eventually, World, type Account } from '#testing';
import { codeOf } from './authenticator-app.js';
import { PasskeyDevice } from './passkey-device.js';

const origin = 'https://im.example.gov';
const device = { name: 'test', platform: 'node' as const };
const wrongFor = (code: string) => (code === '000000' ? '000001' : '000000');

describe('a second factor', () => {
  let world: World;
  let http: Http;
  let employees: Account[];

  beforeAll(async () => {
    world = await World.start({ settings: { PUBLIC_URL: origin } });
    http = new Http(world.address);
    employees = (await world.accounts()).filter(({ role }) => role === 'employee');
  }, 60_000);
  afterAll(() => world?.stop(), 30_000);

  const login = ({ username, password }: Account) =>
    http.call('login', { body: { username, password, device } });
  const demandOf = async (account: Account): Promise<SecondFactorDemand> => {
    const refusal = await login(account).then(
      () => undefined,
      (error: RefusedError) => error,
    );
    expect(refusal).toMatchObject({ code: 'auth.second_factor_required', status: 401 });
    return refusal!.details as SecondFactorDemand;
  };
  const finish = (pending: string, code: string) =>
    http.call('finishSignIn', { body: { pending, proof: { kind: 'totp', code } } });

  /** Somebody signed in, on a way of their own. */
  async function signsIn(account: Account) {
    const own = new Http(world.address);
    await new Session(own, { platform: 'node' }, () => {}).signIn({ ...account, deviceName: 'test' });
    return own;
  }
  async function enrolsApp(own: Http) {
    const { secret } = await own.call('beginFactor', { body: { kind: 'totp' } });
    const body = {
      clientId: newId(),
      name: 'Phone',
      factor: { kind: 'totp' as const, code: codeOf(secret!, -1) },
    };
    const { factor, recoveryCodes } = await own.call('addFactor', { body });
    return { secret: secret!, factor, recoveryCodes: recoveryCodes! };
  }
  const trail = async (action: string) =>
    (await (await world.administrator('audit-admin')).call('trail', { query: { action, limit: 50 } })).items;
  const ages = (username: string) =>
    world.database!.query(
      `update access.session set proved_at = now() - interval '6 minutes' where username = $1`,
      [username],
    );

  it('of an app is asked once it is set up; a code is good once, and a wrong one is counted', async () => {
    const account = employees[0]!;
    const own = await signsIn(account);
    const { secret, recoveryCodes } = await enrolsApp(own);
    expect(new Set(recoveryCodes).size).toBe(10);
    const { pending, methods, enrol } = await demandOf(account);
    expect({ methods, enrol }).toEqual({ methods: ['totp', 'recovery'], enrol: false });
    // The code it was set up with is used.
    await expect(finish(pending, codeOf(secret, -1))).rejects.toMatchObject({ code: 'auth.factor_refused' });
    const code = codeOf(secret);
    await expect(finish(pending, wrongFor(code))).rejects.toMatchObject({ code: 'auth.factor_refused' });
    const signedIn = await finish(pending, code);
    expect(signedIn.user.username).toBe(account.username);
    // Neither the sign-in nor the code opens anything again.
    await expect(finish(pending, codeOf(secret, 1))).rejects.toMatchObject({ code: 'auth.sign_in_over' });
    await expect(finish((await demandOf(account)).pending, code)).rejects.toMatchObject({
      code: 'auth.factor_refused',
    });
    expect((await trail('factor.refused'))[0]).toMatchObject({
      outcome: 'denied',
      details: { kind: 'totp' },
    });
    const [row] = await world.database!.query<{ secret: Buffer }>(
      `select secret from access.factor f join directory.person p on p.id = f.account_id where p.username = $1`,
      [account.username],
    );
    expect(row!.secret.includes(Buffer.from(secret))).toBe(false);
  });

  it('lets a sign-in wait for five attempts and five minutes, no more, and opens nothing meanwhile', async () => {
    const account = employees[1]!;
    const { secret } = await enrolsApp(await signsIn(account));
    const { pending } = await demandOf(account);
    const answer = await fetch(`${world.address}/api/v1/me`, {
      headers: { authorization: `Bearer ${pending}` },
    });
    expect(answer.status).toBe(401);
    for (let i = 0; i < 5; i += 1) {
      await expect(finish(pending, wrongFor(codeOf(secret)))).rejects.toMatchObject({
        code: 'auth.factor_refused',
      });
    }
    await expect(finish(pending, codeOf(secret))).rejects.toMatchObject({ code: 'auth.sign_in_over' });
    const late = await demandOf(account);
    await world.database!.query(`update access.pending_sign_in set expires_at = now()`);
    await expect(finish(late.pending, codeOf(secret))).rejects.toMatchObject({ code: 'auth.sign_in_over' });
    for (const pending of ['', newId(), `${newId()}.x`, '\0']) {
      await expect(finish(pending, '123456')).rejects.toMatchObject({ code: 'auth.sign_in_over' });
    }
    await expect(finish((await demandOf(account)).pending, codeOf(secret))).resolves.toBeDefined();
  });

  it('is replaced once by each recovery code', async () => {
    const account = employees[2]!;
    const own = await signsIn(account);
    const { recoveryCodes } = await enrolsApp(own);
    const recover = async (code: string) =>
      http.call('finishSignIn', {
        body: { pending: (await demandOf(account)).pending, proof: { kind: 'recovery', code } },
      });
    await expect(recover(recoveryCodes[0]!.toUpperCase().replaceAll('-', ' '))).resolves.toBeDefined();
    await expect(recover(recoveryCodes[0]!)).rejects.toMatchObject({ code: 'auth.factor_refused' });
    expect((await own.call('myFactors', {})).recoveryCodesLeft).toBe(9);
    const { recoveryCodes: renewed } = await own.call('makeRecoveryCodes', { body: { clientId: newId() } });
    await expect(recover(recoveryCodes[1]!)).rejects.toMatchObject({ code: 'auth.factor_refused' });
    await expect(recover(renewed[0]!)).resolves.toBeDefined();
  });

  it('is a passkey of this host, whose answers are good once and whose copies are noticed', async () => {
    const account = employees[3]!;
    const own = await signsIn(account);
    const key = new PasskeyDevice(origin);
    const enrol = async (with_: PasskeyDevice) => {
      const { options } = await own.call('beginFactor', { body: { kind: 'passkey' } });
      const factor = { kind: 'passkey' as const, answer: with_.make(options!) };
      return own.call('addFactor', { body: { clientId: newId(), name: 'Key', factor } });
    };
    await expect(enrol(new PasskeyDevice('https://evil.example'))).rejects.toMatchObject({
      code: 'auth.factor_refused',
    });
    await enrol(key);
    const ask = async () => {
      const { pending, methods } = await demandOf(account);
      expect(methods).toEqual(['passkey', 'recovery']);
      const { options } = await http.call('passkeyAtSignIn', { body: { pending } });
      return { pending, options };
    };
    const prove = (pending: string, answer: Record<string, unknown>) =>
      http.call('finishSignIn', { body: { pending, proof: { kind: 'passkey', answer } } });
    const first = await ask();
    const answer = key.use(first.options);
    await expect(prove(first.pending, answer)).resolves.toMatchObject({
      user: { username: account.username },
    });
    const refused = { code: 'auth.factor_refused' };
    const second = await ask();
    await expect(prove(second.pending, answer)).rejects.toMatchObject(refused);
    const third = await ask();
    await expect(prove(third.pending, key.use(third.options, 'https://evil.example'))).rejects.toMatchObject(
      refused,
    );
    const copied = await ask();
    key.counter = 0;
    await expect(prove(copied.pending, key.use(copied.options))).rejects.toMatchObject(refused);
    const other = await ask();
    for (const junk of [{}, { id: 'x' }, { id: answer['id'], response: 'x' }]) {
      await expect(prove(other.pending, junk)).rejects.toMatchObject(refused);
    }
  });

  it('needs a fresh proof to be changed, and cannot be avoided by one who has only the password', async () => {
    const account = employees[4]!;
    const own = await signsIn(account);
    await ages(account.username);
    await expect(own.call('beginFactor', { body: { kind: 'totp' } })).rejects.toMatchObject({
      code: 'auth.proof_required',
      details: { methods: ['password'] },
    });
    const password = (text: string) =>
      own.call('prove', { body: { proof: { kind: 'password', password: text } } });
    await expect(password('wrong')).rejects.toMatchObject({ code: 'auth.factor_refused' });
    await password(account.password);
    const { secret, factor } = await enrolsApp(own);
    await ages(account.username);
    const removes = () => own.call('removeFactor', { params: { factorId: factor.id } });
    await expect(removes()).rejects.toMatchObject({ details: { methods: ['totp', 'recovery'] } });
    await expect(password(account.password)).rejects.toMatchObject({ code: 'auth.factor_refused' });
    await own.call('prove', { body: { proof: { kind: 'totp', code: codeOf(secret) } } });
    await removes();
    await expect(removes()).rejects.toMatchObject({ code: 'factor.not_found' });
    await expect(login(account)).resolves.toBeDefined();
    expect((await trail('factor.removed'))[0]).toMatchObject({ objectId: factor.id });
    expect((await trail('session.proved')).length).toBeGreaterThanOrEqual(2);
  });

  /** Decided by the security administrator, approved by the audit administrator. */
  async function decides(
    name: string,
    scope: { kind: 'installation' | 'person'; id?: string },
    value: object,
  ) {
    const security = await world.administrator('security-admin');
    const audit = await world.administrator('audit-admin');
    const change = { clientId: newId(), scope, value: { ...value }, baseVersion: 0, reason: 'by the rules' };
    const { approvalId } = await security.call('changePolicy', { params: { name }, body: change });
    const decision = { clientId: newId(), approve: true };
    await audit.call('decide', { params: { approvalId: approvalId! }, body: decision });
  }

  it('that a policy demands is set up with the next sign-in, which is none before', async () => {
    const account = employees[5]!;
    const { user } = await login(account);
    await decides('sign_in.second_factor', { kind: 'person', id: user.id }, { demand: 'required' });
    let demand = await eventually('it is demanded', () => demandOf(account).catch(() => undefined));
    expect(demand).toMatchObject({ enrol: true, methods: [] });
    await expect(finish(demand!.pending, '123456')).rejects.toMatchObject({ code: 'auth.sign_in_over' });
    const { pending } = (demand = await demandOf(account));
    const { secret } = await http.call('beginFactorAtSignIn', { body: { pending, kind: 'totp' } });
    const factor = { kind: 'totp' as const, code: codeOf(secret!, -1) };
    const body = { pending, name: 'Phone', factor };
    const { signedIn, recoveryCodes } = await http.call('enrolAtSignIn', { body });
    expect(recoveryCodes).toHaveLength(10);
    await expect(http.call('enrolAtSignIn', { body })).rejects.toMatchObject({ code: 'auth.sign_in_over' });
    const asked = await demandOf(account);
    expect(asked.enrol).toBe(false);
    // Nobody sets another one up instead of proving this one.
    await expect(
      http.call('beginFactorAtSignIn', { body: { pending: asked.pending, kind: 'totp' } }),
    ).rejects.toMatchObject({ code: 'auth.sign_in_over' });
    const own = new Http(world.address);
    own.use({ token: async () => signedIn.accessToken, renewed: async () => signedIn.accessToken });
    const { factors, demand: mine } = await own.call('myFactors', {});
    expect(mine).toBe('required');
    await expect(own.call('removeFactor', { params: { factorId: factors[0]!.id } })).rejects.toMatchObject({
      code: 'factor.needed',
    });
    await expect(finish(asked.pending, codeOf(secret!))).resolves.toBeDefined();
  });

  it('of administrators is demanded by role', async () => {
    await decides('sign_in.administrators', { kind: 'installation' }, { requiredOf: ['system-admin'] });
    const of = async (role: AdministratorRole) =>
      (await world.ofEachRole()).find((one) => one.role === role)!;
    await eventually('it is demanded', async () => {
      const refusal = await login(await of('system-admin')).then(
        () => undefined,
        (error: RefusedError) => error.details as SecondFactorDemand,
      );
      return refusal?.enrol;
    });
    await expect(login(await of('security-admin'))).resolves.toBeDefined();
    const security = await world.administrator('security-admin');
    const audit = await world.administrator('audit-admin');
    const change = {
      clientId: newId(),
      scope: { kind: 'installation' as const },
      value: null,
      baseVersion: 1,
    };
    const { approvalId } = await security.call('changePolicy', {
      params: { name: 'sign_in.administrators' },
      body: { ...change, reason: 'for the tests after this' },
    });
    await audit.call('decide', {
      params: { approvalId: approvalId! },
      body: { clientId: newId(), approve: true },
    });
    await eventually('it is not any more', async () =>
      login(await of('system-admin')).then(
        () => true,
        () => false,
      ),
    );
  });

  it('that was lost is removed by two administrators, and all sessions end with it', async () => {
    const account = employees[6]!;
    const own = await signsIn(account);
    await enrolsApp(own);
    const { id: accountId } = await own.call('me', {});
    const system = await world.administrator('system-admin');
    const security = await world.administrator('security-admin');
    expect((await system.call('accountFactors', { params: { accountId } })).items).toMatchObject([
      { name: 'Phone' },
    ]);
    const body = { clientId: newId(), reason: 'lost the phone' };
    const { approvalId } = await system.call('askFactorReset', { params: { accountId }, body });
    const decision = { params: { approvalId }, body: { clientId: newId(), approve: true } };
    await expect(system.call('decide', decision)).rejects.toMatchObject({ code: 'approval.own_request' });
    await demandOf(account);
    await security.call('decide', decision);
    await eventually('the session is over', () =>
      own.call('me', {}).then(
        () => false,
        (error: RefusedError) => error.code === 'auth.session_ended' || error.code === 'auth.required',
      ),
    );
    await expect(login(account)).resolves.toBeDefined();
    expect(await system.call('askFactorReset', { params: { accountId }, body })).toEqual({ approvalId });
    const asked = (part: Partial<typeof body>) =>
      system.call('askFactorReset', { params: { accountId }, body: { ...body, ...part } });
    await expect(asked({ reason: 'another one' })).rejects.toMatchObject({ code: 'client_id_reused' });
    await expect(asked({ clientId: newId() })).rejects.toMatchObject({ code: 'factor.not_found' });
  });

  it('or the password is asked again of an administrator before acts that matter, and the act is repeated', async () => {
    const security = await world.administrator('security-admin');
    const account = (await world.ofEachRole()).find(({ role }) => role === 'security-admin')!;
    const plain = await signsIn(account);
    await ages(account.username);
    const change = () => ({
      params: { name: 'requests.rate' },
      body: {
        clientId: newId(),
        scope: { kind: 'installation' as const },
        value: { writesPerSecond: 90 },
        baseVersion: 0,
        reason: 'a calmer day',
      },
    });
    await expect(plain.call('changePolicy', change())).rejects.toMatchObject({
      code: 'auth.proof_required',
      status: 403,
      details: { methods: ['password'] },
    });
    await expect(plain.call('policies', {})).resolves.toBeDefined();
    await expect(security.call('changePolicy', change())).resolves.toMatchObject({ state: 'set' });
  });
});
