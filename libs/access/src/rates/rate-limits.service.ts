import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AppError, Gathering, isDatabaseAway, logger } from '#platform';
import { RatesStore, type Taken } from './rates.store.js';

const log = logger('access');

export interface Rate {
  perSecond: number;
  /** What may come at once. */
  size: number;
  /** Taken from the shared bucket at once, and spent here within `leaseMs`. */
  lease: number;
}

interface Question extends Rate {
  subject: string;
}

/** What this process knows of a subject. */
interface Known {
  leased: number;
  leasedUntil: number;
  /** Refused without asking until then. */
  refusedUntil: number;
}

const subjectsKept = 50_000;
/** An answer about a subject is good for so long. */
const refusalMs = 1000;
const leaseMs = 5000;
const cleanEveryMs = 600_000;

/**
 * How often something may be done, counted in one table for all processes. A process takes a few at once for those who
 * do much, and remembers for a second who has none left; nothing is given that the table did not give.
 */
@Injectable()
export class RateLimits implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly known = new LRUCache<string, Known>({ max: subjectsKept });
  private timer: NodeJS.Timeout | undefined;
  private readonly shared = new Gathering<Question, number>((questions) => this.ask(questions), {
    together: 200,
    underWay: 1,
    waiting: 2000,
  });

  constructor(private readonly store: RatesStore) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.clean(), cleanEveryMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Throws `rate.limited` with the time until there is one, or `overloaded`. */
  async require(subject: string, rate: Rate): Promise<void> {
    const retryAfterMs = await this.take(subject, rate);
    if (retryAfterMs > 0) throw new AppError('rate.limited', { retryAfterMs });
  }

  /** Takes one. @returns 0, or the milliseconds until there is one */
  async take(subject: string, rate: Rate): Promise<number> {
    const now = performance.now();
    const known = this.known.get(subject);
    if (known && known.refusedUntil > now) return waitOf(rate);
    if (known && known.leased > 0 && known.leasedUntil > now) {
      known.leased -= 1;
      return 0;
    }
    return this.shared.ask({ subject, ...rate });
  }

  private async ask(questions: Question[]): Promise<number[]> {
    const bySubject = Map.groupBy(questions, ({ subject }) => subject);
    const takes = [...bySubject].map(([subject, asked]) => {
      const { perSecond, size, lease } = asked[0]!;
      return { subject, perSecond, size, wanted: Math.max(asked.length, lease) };
    });
    const taken = new Map((await this.store.take(takes)).map((one) => [one.subject, one]));
    const left = new Map([...taken].map(([subject, { granted }]) => [subject, granted]));
    const answers = questions.map((question) => {
      const granted = left.get(question.subject) ?? 0;
      left.set(question.subject, granted - 1);
      return granted > 0 ? 0 : Math.max(1, msUntilOne(question, taken.get(question.subject)));
    });
    for (const [subject, asked] of bySubject) this.remember(asked[0]!, left.get(subject)!);
    return answers;
  }

  private remember({ subject, perSecond }: Question, left: number): void {
    const now = performance.now();
    // Whoever was refused gets one at this time at the earliest; a second at most is not worth another question.
    const refusedMs = left < 0 ? Math.min(refusalMs, 1000 / perSecond) : 0;
    this.known.set(subject, {
      leased: Math.max(0, left),
      leasedUntil: now + leaseMs,
      refusedUntil: now + refusedMs,
    });
  }

  private async clean(): Promise<void> {
    try {
      await this.store.clean();
    } catch (err) {
      if (!isDatabaseAway(err))
        log.warn({ err }, 'old rates could not be removed; the next round tries again');
    }
  }
}

const waitOf = ({ perSecond }: Rate): number => Math.ceil(1000 / perSecond);

const msUntilOne = ({ perSecond }: Rate, taken: Taken | undefined): number =>
  Math.ceil(((1 - Math.min(1, taken?.tokens ?? 0)) / perSecond) * 1000);
