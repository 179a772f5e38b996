import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { World, type Account } from '#testing';
import { launchChromium, Visitor } from './browsers.js';

/** Another network on this machine, which only knows the way to us. Needs root. */
class OtherNetwork {
  private readonly name = `chancery-${process.pid}`;
  private readonly cable = `ch${process.pid % 100_000}`;
  // Of the addresses set apart for tests of networks (RFC 2544), by the process, so that two runs do not meet.
  private readonly prefix = `198.18.${process.pid % 256}`;
  private folder: string;

  readonly ours = `${this.prefix}.1`;

  async make(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'chancery-network-'));
    const { name, cable, prefix } = this;
    ip('netns', 'add', name);
    ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    ip('addr', 'add', `${prefix}.1/24`, 'dev', cable);
    ip('link', 'set', cable, 'up');
    ip('-n', name, 'addr', 'add', `${prefix}.2/24`, 'dev', 'eth0');
    ip('-n', name, 'link', 'set', 'eth0', 'up');
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }

  /** A program that runs the browser there. */
  async browser(): Promise<string> {
    const path = join(this.folder, 'chromium');
    await writeFile(path, `#!/bin/sh\nexec ip netns exec ${this.name} ${process.env['CHROMIUM']} "$@"\n`, {
      mode: 0o755,
    });
    return path;
  }

  async remove(): Promise<void> {
    // The cable first: with the namespace it would go some time later, and browsers give up what they load when a
    // network changes.
    ip('link', 'del', this.cable);
    ip('netns', 'del', this.name);
    await rm(this.folder, { recursive: true, force: true });
  }
}

const ip = (...parameters: string[]) =>
  execFileSync('ip', parameters, { stdio: ['ignore', 'ignore', 'inherit'] });

const isRoot = process.getuid?.() === 0;

(isRoot ? describe : describe.skip)('a browser on another machine, over plain http by address', () => {
  const network = new OtherNetwork();
  let world: World;
  let browser: Browser;
  let alice: Account;
  let bob: Account;

  beforeAll(async () => {
    await network.make();
    world = await World.start({ ownPostgres: true, settings: { HOST: '0.0.0.0' } });
    browser = await launchChromium(await network.browser());
    [alice, bob] = (await world.accounts()).filter(({ role }) => role === 'employee') as [Account, Account];
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
    await network.remove();
  }, 30_000);

  it('signs in, talks, sends a picture, and comes back after a reload', async () => {
    const address = `http://${network.ours}:${world.port}/`;
    const first = await Visitor.at(browser, address, 'another-machine-first', 'zh-CN');
    const second = await Visitor.at(browser, address, 'another-machine-second', 'en');
    await first.signIn(alice);
    await second.signIn(bob);
    await first.begin([bob]);
    await first.says('来自另一台机器');
    await second.page.getByTestId('conversation-row').filter({ hasText: '来自另一台机器' }).click();
    await second.sees('来自另一台机器');
    const picture = {
      name: 'dot.gif',
      mimeType: 'image/gif',
      buffer: Buffer.from('R0lGODlhAQABAAAAACw=', 'base64'),
    };
    await second.page.getByTestId('file-input').setInputFiles([picture]);
    await second.page.getByTestId('attachment').waitFor();
    await second.page.getByTestId('send').click();
    await first.page
      .getByTestId('message')
      .filter({ hasText: 'dot.gif' })
      .or(first.page.locator('[data-testid=message] img[src*="/files/"]'))
      .first()
      .waitFor();
    await first.page.reload();
    await first.sees('来自另一台机器');
    expect([...first.faults, ...second.faults]).toEqual([]);
  }, 60_000);
});
