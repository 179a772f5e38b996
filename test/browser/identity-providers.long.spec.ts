import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { apiBase } from '#contracts';
import { freePort, SamlProvider, World, type Account } from '#testing';
import { launchChromium, Visitor } from './browsers.js';

describe('an identity provider in the browser', () => {
  let world: World;
  let browser: Browser;
  let accounts: Account[];
  let provider: ChildProcess;
  let issuer: string;
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    world = await World.start({ ownPostgres: true });
    accounts = await world.accounts();
    browser = await launchChromium();
    const port = await freePort();
    issuer = `http://127.0.0.1:${port}`;
    const script = join(import.meta.dirname, '../promises/identity-provider.mjs');
    const redirectUri = `http://localhost:${world.port}${apiBase}/auth/callback`;
    provider = fork(script, [String(port), redirectUri], { silent: true, execArgv: [] });
    await once(provider, 'message');
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    provider?.kill();
    await world?.stop();
  }, 30_000);

  const at = async (path: string, name: string, locale: 'zh-CN' | 'en') => {
    const visitor = await Visitor.at(browser, `http://localhost:${world.port}${path}`, name, locale);
    visitors.push(visitor);
    return visitor;
  };
  const administrator = async (role: string, path: string, locale: 'zh-CN' | 'en') => {
    const visitor = await at(path, `provider-${role}`, locale);
    const { username, password } = accounts.find((one) => one.role === role)!;
    await visitor.page.getByTestId('username').fill(username);
    await visitor.page.getByTestId('password').fill(password);
    await visitor.page.getByTestId('sign-in').click();
    await visitor.page.getByTestId('account-menu').waitFor();
    return visitor;
  };

  it('is set up by one administrator, approved by another, and lets an employee in', async () => {
    const system = await administrator('system-admin', '/console/providers', 'zh-CN');
    const { page } = system;
    await page.getByTestId('add-provider').click();
    await page.getByTestId('provider-name').fill('部内统一认证');
    await page.getByTestId('provider-issuer').fill(issuer);
    await page.getByTestId('provider-client').fill('chancery');
    await page.getByTestId('provider-secret').fill('secret of the client');
    await page.getByTestId('provider-match').click();
    await page.getByRole('option').nth(1).click();
    await system.picture('form');
    await page.getByTestId('save-provider').click();
    await page.getByTestId('try-provider').click();
    await page.getByTestId('provider-trial').waitFor();
    await page.getByTestId('activation-reason').fill('与信息中心商定');
    await system.picture('added');
    await page.getByTestId('ask-activation').click();

    const security = await administrator('security-admin', '/console/approvals', 'en');
    await security.page.getByTestId('row').first().click();
    await security.page.getByTestId('approval').waitFor();
    await security.picture('approve');
    await security.page.getByTestId('approve').click();
    await security.page.getByTestId('approval').getByText('Used').first().waitFor();

    const employee = accounts.find(({ role }) => role === 'employee')!;
    const visitor = await at('/', 'provider-employee', 'zh-CN');
    await visitor.page.getByTestId('provider').waitFor();
    await visitor.picture('button');
    // The pages of the provider are its own; the letters they want from elsewhere stay away.
    await visitor.page.route('https://fonts.googleapis.com/**', (route) =>
      route.fulfill({ contentType: 'text/css', body: '' }),
    );
    await visitor.inSpiteOf(/asked (127\.0\.0\.1|localhost|fonts)/, async () => {
      await visitor.page.getByTestId('provider').click();
      await visitor.page.locator('[name=login]').fill(`e1@${employee.username}`);
      await visitor.page.locator('[name=password]').fill('x');
      await visitor.page.locator('button[type=submit]').click();
      await visitor.page.locator('[name=prompt][value=consent]').waitFor({ state: 'attached' });
      await visitor.page.locator('button[type=submit]').click();
      await visitor.page.getByTestId('new-conversation').waitFor();
    });
    await system.page.reload();
    await system.page.getByTestId('row').first().waitFor();
    await system.picture('used');
  }, 90_000);

  it('of SAML is set up by its address and certificates', async () => {
    const idp = new SamlProvider();
    for (const locale of ['zh-CN', 'en'] as const) {
      const system = await administrator('system-admin', '/console/providers', locale);
      const { page } = system;
      await page.getByTestId('add-provider').click();
      await page.getByTestId('provider-name').fill(`省厅统一认证 ${locale}`);
      await page.getByTestId('provider-protocol').click();
      await page.getByRole('option').nth(1).click();
      await page.getByTestId('provider-issuer').fill('https://idp.example.gov/saml/metadata');
      await page.getByTestId('provider-sign-in-url').fill('https://idp.example.gov/saml/sso');
      await page.getByTestId('provider-certificates').fill(idp.certificate);
      await page.getByTestId('provider-client').fill('https://chat.example.gov/saml');
      await system.picture(`saml-form-${locale}`);
      await page.getByTestId('save-provider').click();
      await page.getByTestId('provider-metadata').waitFor();
      await page.getByTestId('try-provider').click();
      await page.getByTestId('provider-trial').waitFor();
      await page.getByTestId('activation-reason').fill('与信息中心商定');
      await page.getByTestId('ask-activation').click();
      await system.picture(`saml-added-${locale}`);
      const security = await administrator('security-admin', '/console/approvals', locale);
      await security.page.getByTestId('row').first().click();
      await security.page.getByTestId('approval').waitFor();
      await security.picture(`saml-approve-${locale}`);
    }
  }, 90_000);

  it('tells in the page why somebody was refused', async () => {
    const visitor = await at('/#sign-in-refused=auth.identity_unknown', 'provider-refused', 'en');
    await visitor.page.getByTestId('sign-in-error').waitFor();
    expect(new URL(visitor.page.url()).hash).toBe('');
    await visitor.picture('page');
  });

  it('and nothing went wrong on the way', () => {
    expect(visitors.flatMap(({ faults }) => faults)).toEqual([]);
  });
});
