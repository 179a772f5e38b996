import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { World, type Account, type Employee } from '#testing';
import { launchChromium, Visitor } from './browsers.js';

describe('what is written at a browser', () => {
  let world: World;
  let browser: Browser;
  let people: Employee[];
  let alice: Account;
  let bob: Account;
  let first: Visitor;
  let second: Visitor;

  beforeAll(async () => {
    world = await World.start({ ownPostgres: true });
    browser = await launchChromium();
    people = await world.signIn(4);
    [alice, bob] = people.map(({ account }) => account) as [Account, Account];
    first = await Visitor.at(browser, world.address, 'outbox-first', 'zh-CN');
    second = await Visitor.at(browser, world.address, 'outbox-second', 'zh-CN');
    await first.signIn(alice);
    await second.signIn(bob);
    await first.begin([bob]);
    await first.says('开始');
    await second.page.getByTestId('conversation-row').filter({ hasText: '开始' }).click();
    await second.sees('开始');
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  }, 30_000);

  const texts = (visitor: Visitor) => visitor.page.getByTestId('message').locator('p').allInnerTexts();

  it('is sent once and loses no letter, though storing the one before it takes long', async () => {
    const release = await holdOutbox(first);
    await first.says('上一条');
    await first.page.keyboard.press('Enter');
    await first.page.getByTestId('composer').fill('下一条');
    await release();
    await second.sees('上一条');
    expect(await first.page.getByTestId('composer').inputValue()).toBe('下一条');
    await first.page.keyboard.press('Enter');
    await second.sees('下一条');
    expect(await texts(second)).toEqual(['开始', '上一条', '下一条']);
  });

  it('arrives once and in order, though the service was away and the page was closed meanwhile', async () => {
    const isAway = /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_ABORTED|WebSocket/;
    await first.inSpiteOf(isAway, () =>
      second.inSpiteOf(isAway, async () => {
        await world.main.end('SIGKILL');
        await first.says('断线时写的一');
        await first.says('断线时写的二');
        await first.page.locator('[data-testid=message][data-state=sending]').nth(1).waitFor();
        await first.page.goto('about:blank');
        await world.killAndRestart();
        await first.page.goto(world.address);
        await second.sees('断线时写的二');
      }),
    );
    await first.page.getByTestId('conversation-row').first().click();
    await first.page.locator('[data-testid=message][data-state=sent]').getByText('断线时写的二').waitFor();
    for (const visitor of [first, second]) {
      expect(await texts(visitor)).toEqual(['开始', '上一条', '下一条', '断线时写的一', '断线时写的二']);
    }
  }, 60_000);

  it('can be read without a network, with everything that was there', async () => {
    await first.begin([bob, people[2]!.account], '预算小组');
    await first.says('三点开会');
    await first.page.locator('[data-testid=message][data-state=sent]').getByText('三点开会').waitFor();
    await first.inSpiteOf(/ERR_INTERNET_DISCONNECTED/, async () => {
      await first.context.setOffline(true);
      await first.page.getByTestId('offline-strip').waitFor();
      await first.page.getByTestId('conversation-row').filter({ hasText: bob.displayName }).click();
      await first.sees('断线时写的二');
      expect(await texts(first)).toHaveLength(5);
      await first.page.getByTestId('conversation-row').filter({ hasText: '预算小组' }).click();
      await first.sees('三点开会');
      await first.picture('no-network');
      await first.context.setOffline(false);
      await first.page.getByTestId('offline-strip').waitFor({ state: 'detached' });
    });
  }, 60_000);

  it('is kept by this browser, so that a page which cannot ask the service still shows it', async () => {
    await first.inSpiteOf(/ERR_FAILED|status of 5|WebSocket/, async () => {
      await first.context.route(/\/(api|socket\.io)\//, (route) => route.abort());
      await first.context.routeWebSocket(/socket\.io/, (socket) => socket.close());
      await first.page.reload();
      await first.page.getByTestId('conversation-row').filter({ hasText: bob.displayName }).click();
      await first.sees('断线时写的二');
      await first.page.getByTestId('offline-strip').waitFor();
      await first.picture('no-service');
      await first.context.unrouteAll();
    });
  }, 60_000);

  it('waits in its place: who was away begins at the first of many unread messages, if they want', async () => {
    const writer = people[3]!;
    const chat = await writer.client.call('createConversation', {
      body: { kind: 'direct', memberIds: [people[1]!.id] },
    });
    for (let i = 1; i <= 70; i += 1) await writer.sends(chat.id, `第 ${i} 条`);
    await second.page.getByTestId('conversation-row').filter({ hasText: '第 70 条' }).click();
    await second.sees('第 70 条');
    await second.page.getByTestId('jump-to-unread').filter({ hasText: '70' }).click();
    await second.page.getByTestId('message').getByText('第 1 条', { exact: true }).waitFor();
    await second.page.getByTestId('jump-to-latest').click();
    await second.page.getByTestId('message').getByText('第 70 条', { exact: true }).waitFor();
  });

  it('met no fault of a page', () => {
    expect([...first.faults, ...second.faults]).toEqual([]);
  });
});

/** Keeps the place where unsent messages lie busy. @returns lets it go */
async function holdOutbox({ page }: Visitor): Promise<() => Promise<void>> {
  await page.evaluate(async () => {
    const [known] = (await indexedDB.databases()).filter(({ name }) => name?.startsWith('chancery-'));
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(known!.name!);
      opening.addEventListener('success', () => resolve(opening.result));
      opening.addEventListener('error', () => reject(opening.error!));
    });
    const held = { isReleased: false };
    Object.assign(globalThis, { held });
    const outbox = db.transaction('outbox', 'readwrite').objectStore('outbox');
    const stay = () => {
      if (held.isReleased) db.close();
      else outbox.get('nothing').addEventListener('success', stay);
    };
    stay();
  });
  return () =>
    page.evaluate(() => {
      (globalThis as unknown as { held: { isReleased: boolean } }).held.isReleased = true;
    });
}
