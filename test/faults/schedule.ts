import type { Random } from './random.js';

export interface Planned {
  /** Milliseconds after the one before has ended. */
  afterMs: number;
  forMs: number;
  /** At the same time: usually one, sometimes two. */
  names: string[];
}

/** What goes wrong, when and for how long: without an end, decided by the seed alone. Everything comes before anything comes again. */
export function* scheduleOf(names: readonly string[], random: Random): Generator<Planned, never> {
  for (;;) {
    const deck = random.shuffled(names);
    while (deck.length > 0) {
      const count = random.chance(0.2) ? 2 : 1;
      yield {
        afterMs: random.whole(300, 2500),
        forMs: random.whole(500, 6000),
        names: deck.splice(0, count),
      };
    }
  }
}
