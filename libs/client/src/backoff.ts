export interface BackoffBounds {
  firstMs: number;
  mostMs: number;
}

/**
 * Milliseconds to wait before the next attempt: doubling up to a bound, and anywhere in its upper half, so that
 * thousands of clients that lost the same server do not come back in step.
 * @param attempt 0 after the first failure
 * @param atLeastMs what the service asked for
 */
export function backoffMs(attempt: number, { firstMs, mostMs }: BackoffBounds, atLeastMs = 0): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20));
  const spread = 1 - Math.random() / 2;
  return Math.max(full * spread, atLeastMs * (2 - spread));
}

/** Resolves after the time, or as soon as the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal?.aborted) done();
    else signal?.addEventListener('abort', done);
  });
}
