import type { ServerEventData, ServerEventName } from '#contracts';
import { AppError, type Principal } from '#platform';
import type { Receiver } from './receiver.js';

/** A request that waits for news of its person. What is sent to it only wakes it: the answer is read from the log. */
export class WaitingPoll implements Receiver {
  private hasNews = false;
  private wake: () => void = () => {};
  private over = false;
  private ending: AppError | undefined;

  constructor(readonly principal: Principal) {}

  get personId(): string {
    return this.principal.id;
  }

  /** It is to be answered now, with whatever there is. */
  get isOver(): boolean {
    return this.over;
  }

  /** Resolves when there may be news, when it is over, or after the time. Throws `auth.session_ended`. */
  async news(withinMs: number): Promise<void> {
    if (!this.hasNews && !this.over) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.hasNews = false;
    if (this.ending) throw this.ending;
  }

  send<N extends ServerEventName>(name: N, data: ServerEventData<N>): void {
    if (name === 'session.ended') this.ending = new AppError('auth.session_ended', { details: { ...data } });
  }

  sendVolatile(): void {
    // Who waits for the log is not told what is old news a moment later.
  }

  sendEvents(): void {
    this.hasNews = true;
    this.wake();
  }

  close(): void {
    this.over = true;
    this.wake();
  }
}
