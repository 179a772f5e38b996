import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { eventually, scriptedAccount, scriptedBase, ScriptedDirectory, World } from '#testing';
import { launchChromium, Visitor } from './browsers.js';

const longName = '某某省某某市某某区人民政府办公室下属信息化建设与管理服务中心的外部合作单位目录'.repeat(2);

describe('a directory at the console', () => {
  let world: World;
  let browser: Browser;
  let directory: ScriptedDirectory;
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    directory = new ScriptedDirectory();
    await directory.start();
    const office = directory.department('信息中心');
    for (const [uid, displayName] of [
      ['zhangsan', '张三'],
      ['lisi', '李四'],
    ] as const) {
      directory.person(uid, office, { displayName });
    }
    world = await World.start({ ownPostgres: true });
    browser = await launchChromium();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
    await directory?.end();
  }, 30_000);

  const signIn = async (locale: 'zh-CN' | 'en') => {
    const visitor = await Visitor.at(browser, `${world.address}/console`, `sources-${locale}`, locale);
    visitors.push(visitor);
    const { username, password } = (await world.accounts()).find(({ role }) => role === 'system-admin')!;
    await visitor.page.getByTestId('username').fill(username);
    await visitor.page.getByTestId('password').fill(password);
    await visitor.page.getByTestId('sign-in').click();
    await visitor.page.getByTestId('nav-sources').click();
    await visitor.page.getByTestId('row').first().waitFor();
    return visitor;
  };

  const fill = async (page: Page, fields: Record<string, string>) => {
    for (const [field, value] of Object.entries(fields)) {
      await page.getByTestId(`source-${field}`).fill(value);
    }
  };
  const rightly = () => ({
    'host-0': '127.0.0.1',
    'port-0': String(directory.port),
    bindDn: scriptedAccount.dn,
    bindPassword: scriptedAccount.password,
    peopleBases: scriptedBase,
    departmentBases: scriptedBase,
  });

  it('is tested, added, and looked at in a dry run before it changes anybody', async () => {
    const visitor = await signIn('zh-CN');
    const { page } = visitor;
    await page.getByTestId('source-add').click();
    await page.getByTestId('source-save').click();
    await page.getByText('请填写。').first().waitFor();
    await visitor.picture('form-empty-faults');
    await fill(page, { ...rightly(), name: '下属单位', bindPassword: 'wrong' });
    await page.getByTestId('source-security').getByText('不加密').click();
    await page.getByTestId('source-form-try').click();
    await page.getByText('不加密连接须勾选此项').waitFor();
    await page.getByTestId('source-allowPlain').check();

    await page.getByTestId('source-form-try').click();
    await page.getByText('帐号或密码不对').waitFor();
    await visitor.picture('form-test-wrong');
    await fill(page, { bindPassword: scriptedAccount.password });
    await page.getByText('测试之后设置又有修改').waitFor();
    await page.getByTestId('source-form-try').click();
    await page.getByText('全部正常').waitFor();
    expect(await page.getByTestId('source-steps').innerText()).toMatch(/zhangsan, lisi/);
    await visitor.picture('form-test-right');

    await page.getByTestId('source-save').click();
    await page.getByTestId('source').getByText('这个目录已暂停').waitFor();
    await visitor.picture('details');
    await page.getByRole('link', { name: '去试运行' }).click();
    await page.getByTestId('sync-dry').click();
    const http = await world.administrator('system-admin');
    const run = await eventually('the dry run is done', async () => {
      const { items } = await http.call('syncRuns', { query: { limit: 20 } });
      return items.find(
        ({ kind, source, state }) => kind === 'dry' && source === '下属单位' && state === 'done',
      );
    });
    await page.goto(`${world.address}/console/sync?open=${run.id}`);
    await page.getByTestId('sync-plan').getByText('张三').waitFor();
    await visitor.picture('dry-run');
    expect((await http.call('people', { query: { q: 'zhangsan', limit: 5 } })).items).toEqual([]);
  }, 60_000);

  it('is changed with the password it has, and says at its fields what the service refuses', async () => {
    const visitor = await signIn('en');
    const { page } = visitor;
    await page.getByTestId('source-add').click();
    // Nobody listens there: what is tried here never gets as far as the directory.
    await fill(page, { ...rightly(), 'port-0': '1', name: '下属单位' });
    await fill(page, { authorities: 'none', peopleFilter: '(uid=' });
    await visitor.inSpiteOf(/4\d\d/, async () => {
      await page.getByTestId('source-save').click();
      await page.getByText('This is no LDAP filter').waitFor();
      await fill(page, { peopleFilter: '(uid=*)' });
      await page.getByTestId('source-save').click();
      await page.getByText('There is no PEM certificate').waitFor();
      await visitor.picture('form-told');
      await fill(page, { authorities: '' });
      await page.getByTestId('source-save').click();
      await page.getByText('Another directory has this name.').waitFor();
    });
    await fill(page, { name: longName });
    await page.getByTestId('source-save').click();
    await page.getByTestId('source').getByText('This directory is paused').waitFor();

    await page.getByTestId('source-edit').click();
    await fill(page, { precedence: '7' });
    await page.getByTestId('source-save').click();
    await page.getByTestId('source').getByText('7', { exact: true }).waitFor();
    await page.getByTestId('source-edit').click();
    await fill(page, { 'host-0': 'ldap.elsewhere.test' });
    await visitor.inSpiteOf(/4\d\d/, async () => {
      await page.getByTestId('source-save').click();
      await page.getByText('enter the password again').last().waitFor();
    });
    await visitor.picture('form-password');
    await page.getByRole('button', { name: 'Cancel' }).click();

    await page.getByTestId('source-state').click();
    await page.getByTestId('source-state-hint').waitFor();
    await visitor.picture('resume');
    await page.getByTestId('source-state-confirm').click();
    await page.getByTestId('source').getByText('Synchronised').waitFor();
    await page.getByTestId('source-state').click();
    await page.getByTestId('source-state-confirm').click();
    await page.getByTestId('source').getByText('This directory is paused').waitFor();
  }, 60_000);

  it('met no fault of a page, and nothing asked of another host', () => {
    expect(visitors.flatMap(({ faults }) => faults)).toEqual([]);
  });
});
