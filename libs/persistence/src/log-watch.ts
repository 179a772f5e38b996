import { isDatabaseAway, logger } from '#platform';
import type { Database } from './database.js';
import { isRecovering, readLogState, renewEpoch } from './positions.store.js';

const log = logger('persistence');
const everyMs = 1000;

/** `cannot_connect_now`, as the server itself says it to those who come too early. */
class Recovering extends Error {
  override readonly name = 'Recovering';
  readonly code = '57P03';
}

type Listener = (epoch: string) => Promise<void> | void;

/**
 * Keeps up with what holds for the logs as a whole: their epoch, and whether commits wait for a standby. A new epoch
 * means that the logs are others than the ones followed so far, and every reader begins anew.
 */
export class LogWatch {
  private known = '';
  private readonly listeners: Listener[] = [];
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(private readonly database: Database) {}

  get epoch(): string {
    return this.known;
  }

  async open(): Promise<void> {
    const { epoch, waitsForStandby } = await readLogState(this.database);
    this.known = epoch;
    this.database.waitsForStandby = waitsForStandby;
    this.timer = setInterval(() => void this.look(), everyMs).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** Listeners are called one after the other, and again a second later where one of them failed. */
  onNewEpoch(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** Throws, as a database that is away, where the server is still recovering and may lag behind what it has. */
  async requireInCharge(): Promise<void> {
    if (await isRecovering(this.database)) throw new Recovering();
  }

  /** Somebody misses what was in the log before: whatever the reason, nobody may go on as if it were the same log. */
  async wentBack(name: string): Promise<void> {
    log.error(
      { reader: name, epoch: this.known },
      'the log was put back to an earlier point; beginning anew',
    );
    await renewEpoch(this.database, this.known);
    await this.look();
  }

  private look(): Promise<void> {
    this.looking ??= this.compare()
      .catch((err: unknown) => {
        if (!isDatabaseAway(err)) log.error({ err }, 'the state of the logs could not be read, will retry');
      })
      .finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async compare(): Promise<void> {
    const { epoch, waitsForStandby } = await readLogState(this.database);
    this.database.waitsForStandby = waitsForStandby;
    if (epoch === this.known) return;
    log.warn({ before: this.known, epoch }, 'the logs have a new epoch');
    for (const listener of this.listeners) await listener(epoch);
    this.known = epoch;
  }
}
