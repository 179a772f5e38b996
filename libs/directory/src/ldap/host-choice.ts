/** A server of a directory. */
export interface Host {
  host: string;
  port: number;
}

/** A host that failed is left alone for so long, doubled with each further failure up to the longest. */
const shortestMs = 10_000;
const longestMs = 300_000;

/**
 * Which host to try first: the one that answered last stays the one, and a host that failed waits its time before it
 * costs anybody a timeout again. When all wait, all are tried: an outage must not outlast itself.
 */
export class HostChoice {
  private preferred = 0;
  private readonly faults = new Map<number, { until: number; pauseMs: number }>();

  constructor(private readonly hosts: readonly Host[]) {}

  /** Hosts in the order of trying. */
  order(now = Date.now()): Host[] {
    const all = this.hosts.map((_host, index) => index);
    const byPreference = [this.preferred, ...all.filter((index) => index !== this.preferred)];
    const ready = byPreference.filter((index) => (this.faults.get(index)?.until ?? 0) <= now);
    return (ready.length > 0 ? ready : byPreference).map((index) => this.hosts[index]!);
  }

  succeeded(host: Host): void {
    this.preferred = this.hosts.indexOf(host);
    this.faults.delete(this.preferred);
  }

  /** A host answers that had failed, and nobody needed it for that: it may be asked again, and the choice stays. */
  recovered(host: Host): void {
    this.faults.delete(this.hosts.indexOf(host));
  }

  /** @returns for how many milliseconds the host is left alone */
  failed(host: Host, now = Date.now()): number {
    const index = this.hosts.indexOf(host);
    const before = this.faults.get(index);
    const pauseMs = before ? Math.min(before.pauseMs * 2, longestMs) : shortestMs;
    this.faults.set(index, { until: now + pauseMs, pauseMs });
    return pauseMs;
  }
}
