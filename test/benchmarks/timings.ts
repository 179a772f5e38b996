import type { Figure } from './bench.js';

/** How long something took, each time, in milliseconds. */
export class Timings {
  private readonly all: number[] = [];

  async time<T>(work: () => Promise<T>): Promise<T> {
    const from = performance.now();
    const result = await work();
    this.all.push(performance.now() - from);
    return result;
  }

  /** Median, which is judged, and the slowest. */
  figures(name: string, must?: number): Figure[] {
    const sorted = this.all.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)]!;
    const at95 = sorted[Math.ceil(sorted.length * 0.95) - 1]!;
    return [
      {
        name: `${name}, median`,
        value: median,
        unit: 'ms',
        ...(must !== undefined && { must }),
        isLess: true,
      },
      { name: `${name}, p95 of ${sorted.length}`, value: at95, unit: 'ms' },
    ];
  }
}
