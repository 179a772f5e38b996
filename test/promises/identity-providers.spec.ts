import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Http, type Answer } from '#client';
import { apiBase, newId } from '#contracts';
import { eventually, freePort, World, type Account } from '#testing';
import { Browser } from './cookie-browser.js';

const device = { name: 'browser', platform: 'node' as const };

describe('signing in with an identity provider', () => {
  let world: World;
  let http: Http;
  let system: Http;
  let security: Http;
  let employees: Account[];
  let provider: Answer<'addIdentityProvider'>;
  let process_: ChildProcess;
  let here: string;

  beforeAll(async () => {
    world = await World.start();
    here = `http://localhost:${world.port}`;
    http = new Http(world.address);
    system = await world.administrator('system-admin');
    security = await world.administrator('security-admin');
    employees = (await world.accounts()).filter(({ role }) => role === 'employee');
    const port = await freePort();
    const script = join(import.meta.dirname, 'identity-provider.mjs');
    const arguments_ = [String(port), `${here}${apiBase}/auth/callback`];
    process_ = fork(script, arguments_, { silent: true, execArgv: [] });
    await once(process_, 'message');
    const settings = {
      issuer: `http://127.0.0.1:${port}`,
      client: 'chancery',
      scopes: ['profile'],
      match: { claim: 'preferred_username', attribute: 'username' as const },
    };
    const body = { clientId: newId(), name: 'Ministry', settings, secret: 'secret of the client' };
    provider = await system.call('addIdentityProvider', { body });
    expect(await system.call('addIdentityProvider', { body })).toEqual(provider);
  }, 60_000);
  afterAll(async () => {
    process_?.kill();
    await world?.stop();
  }, 30_000);

  const decide = (approvalId: string) =>
    security.call('decide', { params: { approvalId }, body: { clientId: newId(), approve: true } });
  const params = () => ({ providerId: provider.id });
  async function activate() {
    const [now] = (await system.call('identityProviders', {})).items;
    const body = { clientId: newId(), version: now!.version, reason: 'agreed with the ministry' };
    const { approvalId } = await system.call('askProviderActivation', { params: params(), body });
    // A repeat is the same request, and no second one.
    expect(await system.call('askProviderActivation', { params: params(), body })).toEqual({ approvalId });
    await decide(approvalId);
    provider = (await system.call('identityProviders', {})).items[0]!;
  }

  /** Signs in at the provider as somebody. @returns the address that it sends the browser back to */
  async function signsInThere(browser: Browser, login: string): Promise<string> {
    const begun = await browser.get(`${here}${apiBase}/auth/providers/${provider.id}/begin`);
    expect(begun.status).toBe(302);
    let at = new URL(begun.headers.get('location')!, here);
    for (let steps = 0; steps < 12 && at.origin !== here; steps += 1) {
      let answer = await browser.get(at.href);
      if (answer.status === 200) {
        const prompt = (await answer.text()).includes('name="login"') ? 'login' : 'consent';
        answer = await browser.get(at.href, { prompt, login, password: 'x' });
      }
      at = new URL(answer.headers.get('location')!, at);
    }
    return at.href;
  }
  const comesBack = async (browser: Browser, address: string) =>
    (await browser.get(address)).headers.get('location');
  async function comesIn(browser: Browser) {
    const answer = await fetch(`${here}${apiBase}/auth/provider-sign-in`, {
      method: 'POST',
      headers: { cookie: browser.cookie(new URL(here).host), 'content-type': 'application/json' },
      body: JSON.stringify({ device }),
    });
    return (await answer.json()) as { user?: { id: string; username: string }; error?: { code: string } };
  }
  async function signsIn(login: string) {
    const browser = new Browser();
    expect(await comesBack(browser, await signsInThere(browser, login))).toBe('/#sign-in=provider');
    return comesIn(browser);
  }
  const refusedAs = (code: string) => `/#sign-in-refused=${code}`;

  it('is possible once a second administrator has approved it as it is set up, and not after a change', async () => {
    const begin = `${here}${apiBase}/auth/providers/${provider.id}/begin`;
    expect((await http.call('signInProviders', {})).items).toEqual([]);
    expect((await new Browser().get(begin)).headers.get('location')).toBe(refusedAs('provider.not_found'));
    expect(await system.call('tryIdentityProvider', { params: params() })).toMatchObject({ usable: true });
    await activate();
    expect((await http.call('signInProviders', {})).items).toEqual([{ id: provider.id, name: 'Ministry' }]);
    const { name, settings, version } = provider;
    const changed = await system.call('changeIdentityProvider', {
      params: params(),
      body: { name: `${name} 2`, settings, version },
    });
    expect(changed).toMatchObject({ active: false, version: version + 1 });
    const elsewhere = { ...settings, issuer: 'https://idp.example.gov' };
    await expect(
      system.call('changeIdentityProvider', {
        params: params(),
        body: { name, settings: elsewhere, version: version + 1 },
      }),
    ).rejects.toMatchObject({ code: 'provider.invalid', details: { field: 'secret' } });
    await expect(
      system.call('changeIdentityProvider', {
        params: params(),
        body: { name, settings: { ...settings, issuer: 'http://idp.example.gov' }, version: version + 1 },
      }),
    ).rejects.toMatchObject({ code: 'provider.invalid', details: { field: 'issuer' } });
    await activate();
  });

  it('finds a person by a trusted claim the first time, and by issuer and subject from then on', async () => {
    const [alice, bob] = employees as [Account, Account];
    const first = await signsIn(`a1@${alice.username}`);
    expect(first.user).toMatchObject({ username: alice.username });
    const { items } = await system.call('personIdentities', { params: { personId: first.user!.id } });
    expect(items).toMatchObject([{ subject: `a1@${alice.username}`, linkedBy: 'claim' }]);
    expect((await signsIn(`a1@${alice.username}`)).user).toEqual(first.user);
    // Another account that says the same of itself does not become hers.
    const browser = new Browser();
    const back = await signsInThere(browser, `a2@${alice.username}`);
    expect(await comesBack(browser, back)).toBe(refusedAs('auth.identity_unknown'));
    expect((await signsIn(`b1@${bob.username}`)).user).toMatchObject({ username: bob.username });
  });

  it('is refused to accounts of nobody, until two administrators link them', async () => {
    const browser = new Browser();
    expect(await comesBack(browser, await signsInThere(browser, 'stranger'))).toBe(
      refusedAs('auth.identity_unknown'),
    );
    expect(await comesIn(browser)).toMatchObject({ error: { code: 'auth.sign_in_over' } });
    const auditor = await world.administrator('audit-admin');
    const { items } = await auditor.call('trail', { query: { action: 'session.refused', limit: 5 } });
    expect(items[0]!.details).toMatchObject({ code: 'auth.identity_unknown', subject: 'stranger' });
    const carol = employees[2]!;
    const { user } = await http.call('login', { body: { ...pick(carol), device } });
    const body = {
      clientId: newId(),
      providerId: provider.id,
      subject: 'stranger',
      reason: 'it is her account',
    };
    const { approvalId } = await system.call('linkIdentity', { params: { personId: user.id }, body });
    expect(await system.call('linkIdentity', { params: { personId: user.id }, body })).toEqual({
      approvalId,
    });
    const other = { params: { personId: user.id }, body: { ...body, subject: 'another' } };
    await expect(system.call('linkIdentity', other)).rejects.toMatchObject({ code: 'client_id_reused' });
    await decide(approvalId);
    expect((await signsIn('stranger')).user).toMatchObject({ username: carol.username });
    await system.call('unlinkIdentity', { params: { personId: user.id, providerId: provider.id } });
    const again = new Browser();
    expect(await comesBack(again, await signsInThere(again, 'stranger'))).toBe(
      refusedAs('auth.identity_unknown'),
    );
  });

  it('works in the browser that began it, once, and in no other', async () => {
    const login = `a1@${employees[0]!.username}`;
    const [mine, other, none] = [new Browser(), new Browser(), new Browser()];
    const back = await signsInThere(mine, login);
    await signsInThere(other, login);
    expect(await comesBack(other, back)).toBe(refusedAs('auth.provider_refused'));
    expect(await comesBack(none, back)).toBe(refusedAs('auth.sign_in_over'));
    expect(await comesIn(mine)).toMatchObject({ error: { code: 'auth.sign_in_over' } });
    expect(await comesBack(mine, back)).toBe('/#sign-in=provider');
    expect(await comesBack(mine, back)).not.toBe('/#sign-in=provider');
    expect(await comesIn(none)).toMatchObject({ error: { code: 'auth.sign_in_over' } });
    expect(await comesIn(mine)).toMatchObject({ user: { username: employees[0]!.username } });
    expect(await comesIn(mine)).toMatchObject({ error: { code: 'auth.sign_in_over' } });
    const faked = new Browser();
    const url = new URL(await signsInThere(faked, login));
    url.searchParams.set('iss', 'https://evil.example');
    expect(await comesBack(faked, url.href)).toBe(refusedAs('auth.provider_refused'));
  });

  it('lets in nobody who is disabled, and asks for a second factor where a policy says so', async () => {
    const login = `a1@${employees[0]!.username}`;
    const { user } = await signsIn(login);
    const personId = user!.id;
    const auditor = await world.administrator('audit-admin');
    const change = { clientId: newId(), scope: { kind: 'person' as const, id: personId }, baseVersion: 0 };
    const { approvalId } = await security.call('changePolicy', {
      params: { name: 'sign_in.second_factor' },
      body: { ...change, value: { demand: 'required' }, reason: 'an important person' },
    });
    await auditor.call('decide', {
      params: { approvalId: approvalId! },
      body: { clientId: newId(), approve: true },
    });
    await eventually('the factor is demanded', async () => {
      const { error } = await signsIn(login);
      return error?.code === 'auth.second_factor_required';
    });
    await system.call('blockPerson', {
      params: { personId },
      body: { clientId: newId(), reason: 'left in anger' },
    });
    const [bob] = [employees[1]!];
    const { user: other } = await signsIn(`b1@${bob.username}`);
    await system.call('blockPerson', {
      params: { personId: other!.id },
      body: { clientId: newId(), reason: 'left in anger' },
    });
    expect(await signsIn(`b1@${bob.username}`)).toMatchObject({ error: { code: 'auth.account_disabled' } });
  });

  it('ends with the provider being paused, or gone', async () => {
    await system.call('pauseIdentityProvider', { params: params(), body: { clientId: newId() } });
    expect((await http.call('signInProviders', {})).items).toEqual([]);
    const { name, settings, version } = (await system.call('identityProviders', {})).items[0]!;
    process_.kill();
    await once(process_, 'exit');
    await system.call('changeIdentityProvider', { params: params(), body: { name, settings, version } });
    expect(await system.call('tryIdentityProvider', { params: params() })).toMatchObject({
      usable: false,
      fault: expect.stringContaining('ECONNREFUSED'),
    });
    await activate();
    const begin = `${here}${apiBase}/auth/providers/${provider.id}/begin`;
    expect((await new Browser().get(begin)).headers.get('location')).toBe(
      refusedAs('auth.provider_unavailable'),
    );
  });
});

const pick = ({ username, password }: Account) => ({ username, password });
