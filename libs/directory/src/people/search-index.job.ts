import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Hints } from '#persistence';
import { isDatabaseAway, logger } from '#platform';
import { SearchIndexStore } from './search-index.store.js';

const log = logger('directory');
/** Without hints the names of departments are compared once in this time. */
const againMs = 60_000;

/** Makes the index of search: of everybody after an upgrade that changed it, of departments when they are renamed. */
@Injectable()
export class SearchIndexJob implements OnApplicationBootstrap, OnApplicationShutdown {
  private working: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private isAsked = false;
  private isStopped = false;

  constructor(
    private readonly store: SearchIndexStore,
    private readonly hints: Hints,
  ) {}

  onApplicationBootstrap(): void {
    this.hints.subscribe('directory', (message) => {
      if (message === 'synced') this.ask(false);
    });
    this.timer = setInterval(() => this.ask(false), againMs).unref();
    this.ask(true);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.isStopped = true;
    await this.working;
  }

  /** Asked while it works, it looks once more afterwards, not once more for each. */
  private ask(everybody: boolean): void {
    if (this.isAsked) return;
    this.isAsked = true;
    this.working = this.workAfter(this.working, everybody);
  }

  private async workAfter(before: Promise<void>, everybody: boolean): Promise<void> {
    await before;
    this.isAsked = false;
    try {
      await this.store.exclusively(() => this.renew(everybody));
    } catch (err) {
      if (!isDatabaseAway(err)) log.error({ err }, 'the index of search could not be made');
    }
  }

  private async renew(everybody: boolean): Promise<void> {
    while (!this.isStopped && (await this.store.renewDepartments()));
    if (!everybody) return;
    let after: string | undefined | null = null;
    do after = await this.store.renewPeople(after);
    while (after !== undefined && !this.isStopped);
  }
}
