import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { ClamdServer, eicar, eventually, freePort, World, type Employee } from '#testing';
import { launchChromium, Visitor } from './browsers.js';

(ClamdServer.isAtHand ? describe : describe.skip)('a file in which harm is found', () => {
  let world: World;
  let clamd: ClamdServer;
  let browser: Browser;
  let alice: Employee;
  let chat: string;

  beforeAll(async () => {
    clamd = new ClamdServer(await freePort());
    world = await World.start({
      ownPostgres: true,
      settings: { CLAMD_HOST: '127.0.0.1', CLAMD_PORT: String(clamd.port) },
    });
    browser = await launchChromium();
    const [first, second] = (await world.signIn(2)) as [Employee, Employee];
    alice = first;
    chat = await alice.opensDirect(second);
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
    await clamd?.close();
  }, 30_000);

  it('is held, then taken from the conversation and listed for the security administrator', async () => {
    const fileId = await alice.client.upload(Buffer.from(eicar), { name: '工资表.xlsx' });
    await alice.client.deliver(chat, { type: 'file', fileId });
    const visitor = await Visitor.at(browser, world.address, 'quarantine', 'zh-CN');
    await visitor.signIn(alice.account);
    const { page } = visitor;
    await page.getByTestId('conversation-row').first().click();
    const file = page.getByTestId('file').filter({ hasText: '工资表.xlsx' });
    await file.click();
    await file.getByText('正在安全检查').waitFor();
    await visitor.picture('held');
    await clamd.start();
    await page.getByText('检出有害内容，已被隔离').first().waitFor();
    await file.click();
    await file.getByText('任何人都无法打开').waitFor();
    await visitor.picture('found');
    expect(visitor.faults).toEqual([]);
    await eventually(
      'the file is listed',
      async () =>
        (await (await world.administrator('security-admin')).call('quarantine', { query: {} })).items
          .length === 1,
    );
    for (const locale of ['zh-CN', 'en'] as const) {
      const account = (await world.accounts()).find(({ role }) => role === 'security-admin')!;
      const admin = await Visitor.at(browser, `${world.address}/console`, `quarantine-${locale}`, locale);
      await admin.page.getByTestId('username').fill(account.username);
      await admin.page.getByTestId('password').fill(account.password);
      await admin.page.getByTestId('sign-in').click();
      await admin.page.getByTestId('nav-quarantine').click();
      await admin.page.getByTestId('row').filter({ hasText: alice.account.displayName }).waitFor();
      await admin.picture('list');
      expect(admin.faults).toEqual([]);
    }
  }, 120_000);
});
