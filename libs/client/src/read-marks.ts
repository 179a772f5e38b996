import { backoffMs, pause } from './backoff.js';
import { isPassing, OfflineError, RefusedError } from './errors.js';

const backoff = { firstMs: 500, mostMs: 10_000 };

/** How far was read, the highest seq of each conversation, until the service knows it. */
export class ReadMarks {
  private readonly waiting = new Map<string, number>();
  private readonly told = new Map<string, number>();
  private running = false;

  /** @param tell tells the service; throws OfflineError or RefusedError */
  constructor(private readonly tell: (conversationId: string, seq: number) => Promise<unknown>) {}

  mark(conversationId: string, seq: number): void {
    const known = Math.max(this.told.get(conversationId) ?? 0, this.waiting.get(conversationId) ?? 0);
    if (seq <= known) return;
    this.waiting.set(conversationId, seq);
    void this.flush();
  }

  /** Called with each mark and when the connection is live; what cannot be told now waits for the next call. */
  async flush(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      for (let next = first(this.waiting); next; next = first(this.waiting)) await this.tellOne(next);
    } catch (error) {
      if (!(error instanceof OfflineError)) throw error;
    } finally {
      this.running = false;
    }
  }

  private async tellOne([conversationId, seq]: [string, number]): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.tell(conversationId, seq);
        this.told.set(conversationId, seq);
        break;
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        // A refusal that lasts (the conversation is ours no more) must not hold up the others.
        if (!isPassing(error)) break;
        await pause(backoffMs(attempt, backoff, error.retryAfterMs));
      }
    }
    if (this.waiting.get(conversationId) === seq) this.waiting.delete(conversationId);
  }
}

const first = (marks: Map<string, number>): [string, number] | undefined => marks.entries().next().value;
