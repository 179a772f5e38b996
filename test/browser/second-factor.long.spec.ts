import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { newId } from '#contracts';
import { World, type Account } from '#testing';
import { codeOf } from '../promises/authenticator-app.js';
import { launchChromium, Visitor } from './browsers.js';

describe('second factors in the browser', () => {
  let world: World;
  let browser: Browser;
  let accounts: Account[];
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    world = await World.start({ ownPostgres: true });
    accounts = await world.accounts();
    browser = await launchChromium();
    await demandOfAuditors();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  }, 30_000);

  async function demandOfAuditors(): Promise<void> {
    const security = await world.administrator('security-admin');
    const { approvalId } = await security.call('changePolicy', {
      params: { name: 'sign_in.administrators' },
      body: {
        clientId: newId(),
        scope: { kind: 'installation' },
        value: { requiredOf: ['audit-admin'] },
        baseVersion: 0,
        reason: 'auditors first',
      },
    });
    const auditor = await world.administrator('audit-admin');
    const body = { clientId: newId(), approve: true };
    await auditor.call('decide', { params: { approvalId: approvalId! }, body });
  }

  /** Passkeys belong to a host with a name. */
  const at = async (path: string, name: string, locale: 'zh-CN' | 'en') => {
    const visitor = await Visitor.at(browser, `http://localhost:${world.port}${path}`, name, locale);
    visitors.push(visitor);
    return visitor;
  };
  const entersPassword = async ({ page }: Visitor, { username, password }: Account) => {
    await page.getByTestId('username').fill(username);
    await page.getByTestId('password').fill(password);
    await page.getByTestId('sign-in').click();
  };
  const setsUpApp = async ({ page }: Visitor) => {
    await page.getByTestId('new-factor').click();
    await page.getByTestId('enrol-totp').click();
    const secret = (await page.getByTestId('totp-secret').innerText()).replaceAll(' ', '');
    return { secret, finish: () => page.getByTestId('add-factor').click() };
  };

  it('an employee sets up an app and a passkey, and signs in with either', async () => {
    const employee = accounts.find(({ role }) => role === 'employee')!;
    const visitor = await at('/', 'factors-web', 'zh-CN');
    const { page } = visitor;
    const devtools = await visitor.context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: { protocol: 'ctap2', transport: 'internal', automaticPresenceSimulation: true },
    });
    await visitor.signIn(employee);
    await page.goto(`http://localhost:${world.port}/settings`);
    const { secret, finish } = await setsUpApp(visitor);
    await visitor.picture('app');
    await page.getByTestId('new-code').fill(codeOf(secret, -1));
    await finish();
    await page.getByTestId('recovery-codes').waitFor();
    await visitor.picture('codes');
    await page.getByTestId('codes-kept').click();
    await page.getByTestId('new-factor').click();
    await page.getByTestId('enrol-passkey').click();
    await page.getByTestId('factor').nth(1).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await visitor.picture('settings');
    await page.getByTestId('sign-out').click();
    await page.getByTestId('confirm').click();

    await visitor.inSpiteOf(/40[13]/, async () => {
      await entersPassword(visitor, employee);
      await page.getByTestId('use-passkey').waitFor();
      await visitor.picture('step');
      await page.getByTestId('proof').fill('000000');
      await page.getByTestId('prove').click();
      await page.getByTestId('proof-error').waitFor();
      await visitor.picture('refused');
      await page.getByTestId('use-passkey').click();
      await page.getByTestId('sign-out').waitFor();
    });
  }, 60_000);

  it('an administrator sets up an app, and is asked for it again before changing a policy', async () => {
    const account = accounts.find(({ role }) => role === 'security-admin')!;
    const visitor = await at('/console', 'factors-console', 'en');
    const { page } = visitor;
    await entersPassword(visitor, account);
    await page.getByTestId('account-menu').click();
    await page.getByTestId('my-factors').click();
    const { secret, finish } = await setsUpApp(visitor);
    await visitor.picture('app');
    await page.getByTestId('new-code').fill(codeOf(secret, -1));
    await finish();
    await page.getByTestId('codes-kept').click();
    await page.getByTestId('factor').waitFor();
    await visitor.picture('mine');
    await page.keyboard.press('Escape');
    await page.getByTestId('account-menu').click();
    await page.getByTestId('sign-out').click();
    await visitor.inSpiteOf(/40[13]/, async () => {
      await entersPassword(visitor, account);
      await page.getByTestId('proof').waitFor();
      await visitor.picture('step');
      await page.getByTestId('proof').fill(codeOf(secret));
      await page.getByTestId('prove').click();
      await page.getByTestId('account-menu').waitFor();
      // As if the sign-in were more than five minutes ago.
      const demand = { methods: ['totp', 'recovery'], passkeyHost: 'localhost' };
      const error = { code: 'auth.proof_required', message: '', details: demand };
      await page.route('**/recovery-codes', (route) => route.fulfill({ status: 403, json: { error } }), {
        times: 1,
      });
      await page.getByTestId('account-menu').click();
      await page.getByTestId('my-factors').click();
      await page.getByTestId('new-codes').click();
      await page.getByTestId('proof').waitFor();
      await visitor.picture('proof');
      await page.getByTestId('proof').fill(codeOf(secret, 1));
      await page.getByTestId('prove').click();
      await page.getByTestId('recovery-codes').waitFor();
    });
    await visitor.picture('codes');
  }, 60_000);

  it('of a role that needs one is set up with the next sign-in', async () => {
    const account = accounts.find(({ role }) => role === 'audit-admin')!;
    const visitor = await at('/console', 'factors-enrol', 'zh-CN');
    const { page } = visitor;
    await visitor.inSpiteOf(/401/, async () => {
      await entersPassword(visitor, account);
      await page.getByTestId('enrol-totp').waitFor();
    });
    await visitor.picture('demand');
    await page.getByTestId('enrol-totp').click();
    const secret = (await page.getByTestId('totp-secret').innerText()).replaceAll(' ', '');
    await page.getByTestId('new-code').fill(codeOf(secret));
    await page.getByTestId('add-factor').click();
    await page.getByTestId('codes-kept').click();
    await page.getByTestId('account-menu').waitFor();
  }, 60_000);

  it('and nothing went wrong on the way', () => {
    expect(visitors.flatMap(({ faults }) => faults)).toEqual([]);
  });
});
