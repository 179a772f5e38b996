import { isDatabaseAway, logger } from '#platform';

const log = logger('persistence');

/** Without hints a reader looks once in this time. */
const pollMs = 1000;
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
  private awake = false;
  private stopped = false;
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
    this.timer = setInterval(() => this.wake(), pollMs).unref();
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.idle;
  }

  wake(): void {
    this.awake = true;
    if (!this.running && !this.stopped) this.idle = this.run();
  }

  offer(stretch: Stretch<Entry>): void {
    if (stretch.to > (this.restart ?? this.position) && this.offers.size < offersKept)
      this.offers.set(stretch.after, stretch);
    this.wake();
  }

  /** The log is another one from now on: goes on after a position of that one, and forgets what it was offered. */
  restartAt(position: number): void {
    this.restart = position;
    this.offers.clear();
    this.wake();
  }

  private async run(): Promise<void> {
    this.running = true;
    try {
      while (this.awake && !this.stopped) {
        this.awake = false;
        while (!this.stopped && (await this.step()));
      }
    } catch (err) {
      // A database that is away is reported by the one who needs it now; here it only means later.
      if (!isDatabaseAway(err))
        log.error({ err, follower: this.following.name }, 'reading a log failed, will retry');
      setTimeout(() => this.wake(), retryMs).unref();
    } finally {
      this.running = false;
    }
  }

  private async step(): Promise<boolean> {
    this.position = this.restart ?? this.position;
    this.restart = undefined;
    const offered = this.offers.get(this.position);
    this.offers.delete(this.position);
    const stretch = offered ?? (await this.following.read(this.position));
    if (!stretch) {
      this.forgetStaleOffers();
      return false;
    }
    await this.following.apply(stretch);
    if (this.restart === undefined) this.position = stretch.to;
    this.forgetStaleOffers();
    return true;
  }

  private forgetStaleOffers(): void {
    for (const after of this.offers.keys()) if (after < this.position) this.offers.delete(after);
  }
}
