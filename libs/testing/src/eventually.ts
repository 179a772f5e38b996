import { setTimeout as pause } from 'node:timers/promises';

const patienceMs = 10_000;
const lookEveryMs = 10;

/** Waits until something is so. Throws with what was seen last when it does not become so. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = patienceMs,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`within ${withinMs} ms this did not happen: ${what}`);
    await pause(lookEveryMs);
  }
}
