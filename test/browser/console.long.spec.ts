import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { AdministratorRole } from '#contracts';
import { World, type Employee } from '#testing';
import { launchChromium, Visitor } from './browsers.js';

interface Manifest {
  files: { name: string; sha256: string }[];
  counts: { events: number };
}

describe('administrators at the console', () => {
  let world: World;
  let browser: Browser;
  let alice: Employee;
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    world = await World.start({ ownPostgres: true });
    browser = await launchChromium();
    const [first, second] = await world.signIn(2);
    alice = first!;
    const chat = await alice.opensDirect(second!);
    await alice.sends(chat, '请查收');
    await second!.sends(chat, '收到');
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  }, 30_000);

  const signIn = async (role: AdministratorRole | 'employee', locale: 'zh-CN' | 'en') => {
    const visitor = await Visitor.at(
      browser,
      `${world.address}/console`,
      `console-${role}-${locale}`,
      locale,
    );
    visitors.push(visitor);
    const { username, password } = (await world.accounts()).find((account) => account.role === role)!;
    await visitor.page.getByTestId('username').fill(username);
    await visitor.page.getByTestId('password').fill(password);
    await visitor.page.getByTestId('sign-in').click();
    return visitor;
  };

  /** What a click saves, by its name. */
  const saved = async (page: Page, name: string) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByTestId(`download-${name}`).click(),
    ]);
    expect(download.suggestedFilename()).toBe(name);
    return readFile(await download.path());
  };

  it('ask, approve and download an export whose files are what its manifest says', async () => {
    const auditor = await signIn('audit-admin', 'zh-CN');
    await auditor.page.getByTestId('ask-export').click();
    await auditor.page.getByTestId('people-search').fill(alice.account.username);
    await auditor.page.getByTestId('person-option').first().click();
    await auditor.page.getByTestId('reason').fill('核对值班期间的消息');
    await auditor.picture('ask');
    await auditor.page.getByTestId('submit-export').click();
    await auditor.page.locator('[data-testid=export][data-state=asked]').waitFor();

    const approver = await signIn('security-admin', 'en');
    await approver.page.getByTestId('row').first().click();
    const request = approver.page.getByTestId('approval');
    await request.getByText('核对值班期间的消息').waitFor();
    expect(await request.innerText()).toContain(alice.account.displayName);
    expect(await request.innerText()).toMatch(/1 conversation · 3 events/);
    await approver.picture('approve');
    await approver.page.getByTestId('decision-note').fill('granted');
    await approver.page.getByTestId('approve').click();

    await auditor.page.locator('[data-testid=export][data-state=done]').waitFor();
    await auditor.picture('done');
    const manifest = JSON.parse((await saved(auditor.page, 'manifest.json')).toString('utf8')) as Manifest;
    expect(manifest.files).toHaveLength(1);
    for (const { name, sha256 } of manifest.files) {
      const bytes = await saved(auditor.page, name);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      expect(bytes.toString('utf8').trimEnd().split('\n')).toHaveLength(manifest.counts.events);
      expect(bytes.toString('utf8')).toContain('请查收');
    }

    await auditor.page.getByRole('dialog').getByRole('button', { name: '关闭' }).click();
    await auditor.page.getByTestId('nav-trail').click();
    await auditor.page.getByTestId('row').filter({ hasText: '下载导出文件' }).first().waitFor();
    await auditor.picture('trail');
  }, 60_000);

  it('hide somebody by a rule whose effect they see before it holds', async () => {
    const security = await signIn('security-admin', 'zh-CN');
    const { page } = security;
    await page.getByTestId('nav-visibility').click();
    await page.getByText('现在所有员工互相可见').waitFor();
    await page.getByTestId('add-rule').click();
    await page.getByTestId('rule-name').fill('领导不可见');
    await page.getByTestId('people-search').first().fill(alice.account.username);
    await page.getByTestId('person-option').first().click();
    await security.picture('rule');
    await page.getByTestId('keep-rule').click();
    await page.getByTestId('check-rules').click();
    await page
      .getByRole('cell', { name: /领导不可见/ })
      .last()
      .waitFor();
    await page.getByTestId('rules-reason').fill('按保密要求');
    await security.picture('effect');
    await page.getByTestId('save-rules').click();
    await page.getByTestId('row').filter({ hasText: '按保密要求' }).waitFor();
    await security.picture('rules');
    const http = await world.administrator('security-admin');
    expect((await http.call('visibility', {})).rules).toMatchObject([
      { effect: 'hide', of: { personIds: [alice.id] } },
    ]);

    const english = await signIn('security-admin', 'en');
    await english.page.getByTestId('nav-visibility').click();
    await english.page.getByTestId('row').filter({ hasText: 'Hide' }).click();
    await english.page.getByTestId('rule-name').waitFor();
    await english.page.emulateMedia({ colorScheme: 'dark' });
    await english.picture('rule-dark');
  }, 60_000);

  it('must give a reason for a refusal', async () => {
    const auditor = await world.administrator('audit-admin');
    const time = (fromNow: number) => new Date(Date.now() + fromNow).toISOString();
    const body = {
      clientId: 'refused',
      personIds: [alice.id],
      from: time(-60_000),
      to: time(0),
      reason: 'no grounds',
    };
    const { id } = await auditor.call('askExport', { body });
    const approver = await signIn('security-admin', 'zh-CN');
    await approver.page.getByTestId('row').filter({ hasText: 'no grounds' }).click();
    await approver.page.getByTestId('refuse').click();
    await approver.page.getByText('拒绝时请写明理由').waitFor();
    await approver.page.getByTestId('decision-note').fill('没有依据');
    await approver.page.getByTestId('refuse').click();
    await approver.page.getByTestId('notice').waitFor();
    expect(await auditor.call('export', { params: { exportId: id } })).toMatchObject({ state: 'refused' });
  }, 30_000);

  it('see people and departments, and synchronise with the directory', async () => {
    const system = await signIn('system-admin', 'en');
    const { page } = system;
    await page.getByTestId('nav-people').click();
    await page.getByTestId('search').fill(alice.account.username);
    await page.waitForURL(/q=/);
    await page.getByTestId('row').filter({ hasText: alice.account.displayName }).first().click();
    await page.getByTestId('person-card').getByText(alice.account.username, { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('nav-departments').click();
    await page.getByTestId('expand').nth(1).click();
    await page.getByTestId('row').nth(1).click();
    await page.getByTestId('make-department-group').click();
    await page.getByText(/[1-9]\d* members/).waitFor();
    await page.getByTestId('make-department-group').scrollIntoViewIfNeeded();
    await system.picture('department-group');
    await page.keyboard.press('Escape');
    await page.getByTestId('nav-sync').click();
    await page.getByTestId('row').first().waitFor();
    const before = await page.getByTestId('row').count();
    await page.getByTestId('sync-now').click();
    await page.getByTestId('row').nth(before).waitFor();
    expect(system.faults).toEqual([]);
  }, 30_000);

  it('are the only ones who come in', async () => {
    const { page } = await signIn('employee', 'zh-CN');
    await page.getByTestId('not-administrator').waitFor();
    await page.reload();
    await page.getByTestId('username').waitFor();
  });

  it('keep to the pages of their role', async () => {
    const { page } = await signIn('audit-admin', 'en');
    await page.getByTestId('nav-trail').waitFor();
    await page.goto(`${world.address}/console/sync`);
    await page.getByText('There is no such page').waitFor();
  });

  it('change what holds for everybody, and see what it means for one person', async () => {
    for (const language of ['zh-CN', 'en'] as const) {
      const visitor = await signIn('security-admin', language);
      const { page } = visitor;
      await page.getByTestId('nav-policies').click();
      await page.getByTestId('row').first().waitFor();
      await visitor.picture('policies');
      await page.getByTestId('row').first().click();
      await page.getByTestId('policy-change').click();
      await page.getByTestId('field-maxBytes').fill(language === 'en' ? '5000000' : '4000000');
      await page.getByTestId('policy-reason').fill('disks are small');
      await page.getByTestId('policy-consequence').waitFor();
      await visitor.picture('policy-change');
      await page.getByTestId('policy-save').click();
      await page.getByTestId('policy-version').first().waitFor();
      await visitor.picture('policy-versions');
      await page.getByRole('tab').nth(1).click();
      await page.getByTestId('policy-person').fill('a');
      await page.getByRole('option').first().click();
      await page.getByTestId('policy-effect').waitFor();
      await visitor.picture('policy-effect');
    }
  });

  it('met no fault of a page, and nothing asked of another host', () => {
    expect(visitors.flatMap(({ faults }) => faults)).toEqual([]);
  });
});
