/** A rate with bursts: refills evenly, holds at most `size`. */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  constructor(
    readonly perSecond: number,
    private readonly size: number,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.tokens = size;
    this.filledAt = clock();
  }

  /** Takes one. @returns 0, or the milliseconds until there is one */
  take(): number {
    const now = this.clock();
    this.tokens = Math.min(this.size, this.tokens + ((now - this.filledAt) / 1000) * this.perSecond);
    this.filledAt = now;
    if (this.tokens < 1) return Math.ceil(((1 - this.tokens) / this.perSecond) * 1000);
    this.tokens -= 1;
    return 0;
  }
}
