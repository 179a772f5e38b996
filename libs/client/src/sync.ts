import type { ClientEventAnswer, ClientEventData, ClientEventName, ServerEventData } from '#contracts';
import { backoffMs, pause } from './backoff.js';
import type { Counters } from './counters.js';
import { isPassing, OfflineError, RefusedError } from './errors.js';
import type { Logs } from './logs.js';
import { Reconciliation, type Reoffering } from './reconciliation.js';
import type { ClientStore, StoredPosition } from './store.js';

const backoff = { firstMs: 250, mostMs: 10_000 };
/** Events that may wait while something is pulled; beyond this they are synced from the log instead. */
const mostWaiting = 5000;
/** The service is told what is stored here at most once in this time. */
const reportMs = 5000;

export type Push = ServerEventData<'events'>;
export type Ask = <N extends ClientEventName>(
  name: N,
  data: ClientEventData<N>,
) => Promise<ClientEventAnswer<N>>;

export interface SyncHooks extends Reoffering {
  request: Ask;
  /** Whose messages are offered again after a restore. */
  userId(): string | undefined;
  /** The service may have lost what it has acknowledged lately. */
  onRestored(): void;
  /** Everything up to the moment of the connection is here. */
  onSynced(): void;
  /** Something broke that asking again on this connection does not mend. */
  onBroken(error: unknown): void;
}

/**
 * Brings this device up to date and keeps it there. Pushes wait while a connection catches up from the stored
 * position, then follow. A position is stored only when everything that came before it is applied and stored.
 */
export class Sync {
  private position: StoredPosition | undefined;
  private epoch: string | undefined;
  /** The epoch in which everything that is kept here was received; undefined where that is not known. */
  private keptEpoch: string | undefined;
  private connected = false;
  private connection = 0;
  private lost = new AbortController();
  private inbox: Push[] = [];
  private waiting = 0;
  /** Conversations with news up to a seq that will not be pushed. */
  private readonly behind = new Map<string, number>();
  /** Conversations to compare with the service. */
  private readonly suspects = new Set<string>();
  private catchUpNeeded = false;
  private running = false;
  private reportTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: ClientStore,
    private readonly logs: Logs,
    private readonly counters: Counters,
    private readonly hooks: SyncHooks,
    /** Of a conversation new to the device only so many events; all where undefined. */
    private readonly window?: number,
  ) {}

  load(position: StoredPosition | undefined): void {
    this.position = position;
    this.keptEpoch = position?.epoch;
  }

  /** A connection begins. What waited of the last one is asked for again. */
  onReady({ epoch }: { epoch: string }): void {
    this.lost.abort();
    this.lost = new AbortController();
    this.connection += 1;
    this.connected = true;
    this.restart(epoch);
  }

  /** The log was restored while we are connected. */
  onReset({ epoch }: ServerEventData<'sync.reset'>): void {
    this.restart(epoch);
  }

  onDisconnect(): void {
    this.connected = false;
    this.lost.abort();
    clearTimeout(this.reportTimer);
    this.reportTimer = undefined;
  }

  onPush(push: Push): void {
    if (this.waiting + push.events.length > mostWaiting) {
      this.counters.overflowed += 1;
      this.catchUpNeeded = true;
    } else {
      this.inbox.push(push);
      this.waiting += push.events.length;
    }
    this.wake();
  }

  /** This connection was too slow for pushes; catching up makes it live again. */
  onChanged({ conversationId, headSeq }: ServerEventData<'conversation.changed'>): void {
    this.behind.set(conversationId, headSeq);
    this.catchUpNeeded = true;
    this.wake();
  }

  /** Compares a log with the service's, event by event, and reads it again where they differ. */
  check(conversationId: string): void {
    this.suspects.add(conversationId);
    this.wake();
  }

  /** Asks, and where the service is busy asks again, for as long as the connection lives. */
  readonly ask: Ask = async (name, data) => {
    const { connection } = this;
    for (let attempt = 0; ; attempt += 1) {
      if (!this.connected || connection !== this.connection) throw new OfflineError();
      try {
        return await this.hooks.request(name, data);
      } catch (error) {
        if (!(error instanceof RefusedError) || !isPassing(error)) throw error;
        await pause(backoffMs(attempt, backoff, error.retryAfterMs), this.lost.signal);
      }
    }
  };

  private restart(epoch: string): void {
    this.epoch = epoch;
    this.inbox = [];
    this.waiting = 0;
    this.behind.clear();
    this.catchUpNeeded = true;
    this.wake();
  }

  private wake(): void {
    if (!this.running && this.connected) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    try {
      while (this.connected && (await this.step()));
    } finally {
      this.running = false;
    }
  }

  private async step(): Promise<boolean> {
    const { connection } = this;
    try {
      return await this.next();
    } catch (error) {
      if (this.connected && connection === this.connection) {
        // The place is not passed over: another connection begins again at the stored position.
        this.onDisconnect();
        this.hooks.onBroken(error);
      }
      return this.connected;
    }
  }

  /** Does the next piece of work. @returns false when there is none */
  private async next(): Promise<boolean> {
    if (this.catchUpNeeded) {
      this.catchUpNeeded = false;
      await this.catchUp();
      return true;
    }
    const [behind] = this.behind;
    if (behind) {
      this.behind.delete(behind[0]);
      if ((this.logs.find(behind[0])?.cursor ?? 0) < behind[1]) await this.ours(this.logs.pull(behind[0]));
      return true;
    }
    const push = this.inbox.shift();
    if (push) {
      await this.receive(push);
      return true;
    }
    const [suspect] = this.suspects;
    if (suspect === undefined) return false;
    await this.ours(this.compare(suspect));
    // Only now: what a lost connection has left half done is done again.
    this.suspects.delete(suspect);
    return true;
  }

  private async receive(push: Push): Promise<void> {
    const { connection } = this;
    this.waiting -= push.events.length;
    await this.ours(this.logs.receive(push.conversationId, push));
    // After something did not fit in, a position would promise more than is here.
    const isTrue = !this.catchUpNeeded && this.behind.size === 0 && connection === this.connection;
    if (push.position !== undefined && isTrue) await this.storePosition(push.position, this.epoch!);
  }

  private async compare(conversationId: string): Promise<void> {
    if (!(await this.logs.isIntact(conversationId))) await this.logs.readAgain(conversationId);
  }

  private async catchUp(): Promise<void> {
    const { connection, epoch } = this;
    if (epoch === undefined) return;
    if (this.logs.ids().length === 0 && this.position === undefined) this.keptEpoch = epoch;
    if (this.keptEpoch !== epoch) await this.reconcile(epoch);
    else await this.readPages(this.position?.position, (position) => this.storePosition(position, epoch));
    if (connection === this.connection && epoch === this.epoch && !this.catchUpNeeded) this.hooks.onSynced();
  }

  /** @param onPage everything of a page is applied and stored; its position is this */
  private async readPages(
    since: string | undefined,
    onPage: (position: string) => Promise<void> | void,
    reconciliation?: Reconciliation,
  ): Promise<void> {
    for (let from = since; ;) {
      const page = await this.syncPage(from);
      for (const synced of page.conversations) {
        await reconciliation?.compare(synced);
        await this.ours(this.logs.take(synced, this.window !== undefined));
      }
      await onPage(page.position);
      if (!page.more) return;
      from = page.position;
    }
  }

  private async syncPage(since: string | undefined) {
    const { window } = this;
    try {
      return await this.ask('sync', { since, window });
    } catch (error) {
      const isForeign = error instanceof RefusedError && error.code === 'sync.position_invalid';
      if (!isForeign || since === undefined) throw error;
      return this.ask('sync', { window });
    }
  }

  /** The service goes on from an earlier point: only when all logs are compared is the new epoch ours. */
  private async reconcile(epoch: string): Promise<void> {
    if (this.keptEpoch !== undefined) this.counters.resets += 1;
    const { logs } = this;
    const { offerAgain, openDirect, redirect } = this.hooks;
    const reconciliation = new Reconciliation(this.store, {
      ...{ logs, userId: this.hooks.userId(), isWindowed: this.window !== undefined },
      ...{ offerAgain, openDirect, redirect },
    });
    let last: string | undefined;
    const keep = (position: string) => {
      last = position;
    };
    await this.readPages(undefined, keep, reconciliation);
    await reconciliation.finish();
    this.keptEpoch = epoch;
    if (last !== undefined) await this.storePosition(last, epoch);
    this.hooks.onRestored();
  }

  private async storePosition(position: string, epoch: string): Promise<void> {
    this.position = { epoch, position };
    await this.store.storePosition(this.position);
    if (this.reportTimer === undefined && this.connected) {
      this.reportTimer = setTimeout(() => void this.report(), reportMs);
    }
  }

  private async report(): Promise<void> {
    this.reportTimer = undefined;
    if (!this.connected || !this.position) return;
    try {
      await this.hooks.request('position.stored', { position: this.position.position });
    } catch (error) {
      // The service only learns it later; nothing depends on this report.
      if (!(error instanceof OfflineError) && !(error instanceof RefusedError)) throw error;
    }
  }

  /** A conversation that is ours no more has no log to read on. */
  private async ours(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof RefusedError) || error.code !== 'conversation.not_a_member') throw error;
    }
  }
}
