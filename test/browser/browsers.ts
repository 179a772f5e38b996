import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { installationFolder } from '#platform';
import type { Account } from '#testing';

/** Where screenshots are kept for whoever looks at a run; not part of the repository. */
const artifacts = process.env['CHANCERY_ARTIFACTS'] ?? join(installationFolder, 'artifacts');

/** @param within a program that runs the browser somewhere else, such as on another network */
export function launchChromium(within?: string): Promise<Browser> {
  const executablePath = within ?? process.env['CHROMIUM'];
  if (!executablePath) throw new Error('CHROMIUM does not name a browser');
  // The sandbox of Chromium refuses root, which is what continuous integration runs as.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}

/** A person at a browser of their own. */
export class Visitor {
  /** What no page of ours should do: break, complain, ask in vain, ask somebody else. */
  readonly faults: string[] = [];
  private expected: RegExp | undefined;

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    private readonly name: string,
  ) {
    page.on('pageerror', (error) => this.blame(String(error)));
    // The browser also tells here what the policy of the page refused, and answers that are refusals.
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) {
        this.blame(`${message.type()}: ${message.text()} ${message.location().url}`);
      }
    });
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText;
      // Given up by the page itself, as one that is left does.
      if (reason !== 'net::ERR_ABORTED') this.blame(`${reason}: ${request.method()} ${request.url()}`);
    });
    // A page that asks anybody but the service would not work where there is no internet.
    page.on('request', (request) => {
      const asked = new URL(request.url());
      if (
        /^(https?|wss?):$/.test(asked.protocol) &&
        asked.host !== new URL(page.url()).host &&
        page.url() !== 'about:blank'
      ) {
        this.blame(`asked ${asked.host}`);
      }
    });
  }

  static async at(browser: Browser, address: string, name: string, locale: 'zh-CN' | 'en'): Promise<Visitor> {
    const context = await browser.newContext({ locale, viewport: { width: 1440, height: 900 } });
    const visitor = new Visitor(await context.newPage(), context, name);
    await visitor.page.goto(address);
    return visitor;
  }

  /** Does something that the browser complains of, because it is made to go wrong. */
  async inSpiteOf<T>(expected: RegExp, work: () => Promise<T>): Promise<T> {
    this.expected = expected;
    try {
      return await work();
    } finally {
      this.expected = undefined;
    }
  }

  private blame(fault: string): void {
    if (!this.expected?.test(fault)) this.faults.push(fault);
  }

  async signIn({ username, password }: Account): Promise<void> {
    await this.page.getByTestId('username').fill(username);
    await this.page.getByTestId('password').fill(password);
    await this.page.getByTestId('sign-in').click();
    await this.page.getByTestId('new-conversation').waitFor();
  }

  /** Opens a conversation with people, found by the pinyin of their names. */
  async begin(people: readonly Account[], groupName?: string): Promise<void> {
    await this.page.getByTestId('new-conversation').click();
    const dialog = this.page.getByRole('dialog');
    for (const { username, displayName } of people) {
      await dialog.getByTestId('people-search').fill(username);
      await dialog.getByTestId('person-row').filter({ hasText: displayName }).first().click();
    }
    if (groupName !== undefined) await dialog.getByTestId('group-name').fill(groupName);
    const before = this.page.url();
    await dialog.getByTestId('create').click();
    await this.page.waitForURL((url) => url.href !== before);
    await dialog.waitFor({ state: 'detached' });
  }

  async says(text: string): Promise<void> {
    await this.page.getByTestId('composer').fill(text);
    await this.page.keyboard.press('Enter');
  }

  async sees(text: string): Promise<void> {
    await this.page.getByTestId('message').filter({ hasText: text }).first().waitFor();
  }

  async picture(of: string): Promise<void> {
    await mkdir(artifacts, { recursive: true });
    await this.page.screenshot({ path: join(artifacts, `${this.name}-${of}.png`) });
  }
}
