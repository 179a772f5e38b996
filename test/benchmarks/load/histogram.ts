/** Latencies in microseconds, kept with a resolution of better than 1 % in bounded memory. */
export class Histogram {
  private readonly counts = new Uint32Array(buckets);
  private total = 0;
  private greatest = 0;

  record(microseconds: number): void {
    const value = Math.max(0, Math.round(microseconds));
    this.counts[bucketOf(value)]! += 1;
    this.total += 1;
    this.greatest = Math.max(this.greatest, value);
  }

  summary(): Latency {
    return {
      count: this.total,
      p50: this.quantile(0.5),
      p95: this.quantile(0.95),
      p99: this.quantile(0.99),
      max: this.greatest / 1000,
    };
  }

  private quantile(part: number): number {
    const wanted = Math.ceil(this.total * part);
    let seen = 0;
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      seen += this.counts[bucket]!;
      if (seen >= wanted && seen > 0) return Math.min(upperEnd(bucket), this.greatest) / 1000;
    }
    return 0;
  }
}

/** Milliseconds. */
export interface Latency {
  count: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** Up to here every microsecond is a bucket; above, each doubling has this many. */
const fine = 128;
const doublings = 26;
const buckets = fine * (doublings + 1);

function bucketOf(value: number): number {
  if (value < fine) return value;
  const doubling = Math.min(doublings, Math.floor(Math.log2(value / fine)) + 1);
  const width = 2 ** (doubling - 1);
  return Math.min(buckets - 1, fine * doubling + Math.floor(value / width) - fine);
}

function upperEnd(bucket: number): number {
  if (bucket < fine) return bucket;
  const doubling = Math.floor(bucket / fine);
  return ((bucket % fine) + fine + 1) * 2 ** (doubling - 1) - 1;
}
