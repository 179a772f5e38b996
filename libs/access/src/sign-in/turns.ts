import { AppError } from '#platform';

export interface TurnLimits {
  /** Done at once for one key. */
  atOnce: number;
  /** Waiting for one key; beyond it they are refused. */
  waiting: number;
}

interface Line {
  running: number;
  waiting: (() => void)[];
}

const retryAfterMs = 1000;

/** Lets those of one key take turns, so that many of them take nothing from others. */
export class Turns {
  private readonly lines = new Map<string, Line>();

  constructor(private readonly limits: TurnLimits) {}

  /** Throws `rate.limited` where too many of the key wait. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const line = this.lines.get(key) ?? { running: 0, waiting: [] };
    this.lines.set(key, line);
    await this.comeIn(line);
    try {
      return await work();
    } finally {
      const next = line.waiting.shift();
      // The next one takes over the place of this one.
      if (next) next();
      else if ((line.running -= 1) === 0) this.lines.delete(key);
    }
  }

  private comeIn(line: Line): Promise<void> | undefined {
    if (line.running < this.limits.atOnce) {
      line.running += 1;
      return undefined;
    }
    if (line.waiting.length >= this.limits.waiting) throw new AppError('rate.limited', { retryAfterMs });
    return new Promise((resolve) => line.waiting.push(resolve));
  }
}
