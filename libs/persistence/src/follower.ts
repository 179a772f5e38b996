import { isDatabaseAway, logger } from '#platform';

const log = logger('persistence');

/** Without hints a reader looks once in this time, unless it says otherwise. */
const usualPollMs = 1000;
/** A reader that met a fault waits this long before it tries again. */
const retryMs = 500;
/** Offered stretches that do not continue the position yet; beyond this they are read from the log instead. */
const offersKept = 64;

/** Consecutive entries of a log: everything after `after` up to `to`. */
export interface Stretch<Entry> {
  after: number;
  to: number;
  entries: Entry[];
}

export interface Following<Entry> {
  name: string;
  /** Without hints it looks once in this time. */
  pollMs?: number;
  /** Position to continue from. */
  start: number;
  /** The entries directly after a position, in order, bounded; empty at the end of the log. */
  read(after: number): Promise<Stretch<Entry> | undefined>;
  /** Handles a stretch; the next one comes when it is done. A fault stops the reader at this place and is retried. */
  apply(stretch: Stretch<Entry>): Promise<void> | void;
}

/**
 * Reads a log from a position on, every entry once and in order, for as long as it lives. Hints only wake it; an
 * offered stretch is a copy of what the log holds and is used only where it continues the position exactly.
 */
export class Follower<Entry> {
  private position: number;
  private readonly offers = new Map<number, Stretch<Entry>>();
  private running = false;
  private stopped = false;
  /** The log may go on up to here; 0 when it was read to its end. */
  private due = 0;
  private calls = 0;
  private restart: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private idle: Promise<void> = Promise.resolve();

  constructor(private readonly following: Following<Entry>) {
    this.position = following.start;
  }

  /** Everything up to here was applied. */
  get at(): number {
    return this.position;
  }

  start(): void {
    this.timer = setInterval(() => this.wake(), this.following.pollMs ?? usualPollMs).unref();
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.idle;
  }

  /** @param to a position that the log has reached; without it, it may have grown by anything */
  wake(to = Infinity): void {
    this.due = Math.max(this.due, to);
    this.calls += 1;
    if (!this.running && !this.stopped) this.idle = this.run();
  }

  offer(stretch: Stretch<Entry>): void {
    if (stretch.to > this.next && this.offers.size < offersKept) this.offers.set(stretch.after, stretch);
    this.wake(stretch.to);
  }

  /** The log is another one from now on: goes on after a position of that one, and forgets what it was offered. */
  restartAt(position: number): void {
    this.restart = position;
    this.offers.clear();
    this.wake();
  }

  private get next(): number {
    return this.restart ?? this.position;
  }

  private async run(): Promise<void> {
    this.running = true;
    try {
      while (!this.stopped && this.due > this.next) await this.step();
    } catch (err) {
      // A database that is away is reported by the one who needs it now; here it only means later.
      if (!isDatabaseAway(err))
        log.error({ err, follower: this.following.name }, 'reading a log failed, will retry');
      setTimeout(() => this.wake(), retryMs).unref();
    } finally {
      this.running = false;
    }
  }

  private async step(): Promise<void> {
    this.position = this.next;
    this.restart = undefined;
    const offered = this.offers.get(this.position);
    this.offers.delete(this.position);
    const stretch = offered ?? (await this.read());
    if (stretch) await this.following.apply(stretch);
    if (stretch && this.restart === undefined) this.position = stretch.to;
    this.forgetStaleOffers();
  }

  /** Where nothing is found, everything it was woken for before is there already. */
  private async read(): Promise<Stretch<Entry> | undefined> {
    const { calls } = this;
    const stretch = await this.following.read(this.position);
    if (!stretch && calls === this.calls) this.due = 0;
    return stretch;
  }

  private forgetStaleOffers(): void {
    for (const after of this.offers.keys()) if (after < this.position) this.offers.delete(after);
  }
}
