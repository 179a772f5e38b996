/** How far the reading of a server has come. */
export interface Place {
  /** Whose mark it is: no server knows those of another one. */
  server: string;
  /** Whatever the server changes later has a greater one: a USN, or a moment of the server's clock. */
  mark: string;
  /** Digest of who belongs to the groups of the source; empty where it has none. */
  members: string;
  /** When the reading began that has come to here, by our clock. */
  markedAt: Date;
}

/**
 * Changes are asked for from so long before the mark: stamps are whole seconds, several servers that write have several
 * clocks, and what one has written reaches the other ones late.
 */
const overlapMs = 60_000;
/** So much of our own clock is believed between two readings; it may have been set. */
const believedMs = 60_000;

const generalizedTime = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:[.,]\d+)?Z$/;

/** Milliseconds of a GeneralizedTime in UTC (RFC 4517 §3.3.13); undefined where it is none. */
export function timeOf(stamp: string): number | undefined {
  const parts = generalizedTime.exec(stamp);
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

export const stampOf = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;

/** The filter of what a server with time stamps has changed since. */
export const changedSince = ({ mark }: Pick<Place, 'mark'>): string =>
  `(modifyTimestamp>=${stampOf((timeOf(mark) ?? 0) - overlapMs)})`;

/**
 * A moment that the server's clock had certainly reached when a reading began. Nobody tells that clock, but no stamp lies
 * before it: at the end of the reading it had reached the latest stamp that was read. And it goes on as ours does.
 */
export function markOf(
  stamps: Iterable<string>,
  { markedAt, before, now = Date.now() }: { markedAt: Date; before?: Place | undefined; now?: number },
): string {
  let latest = 0;
  for (const stamp of stamps) latest = Math.max(latest, timeOf(stamp) ?? 0);
  const seen = latest - (now - markedAt.getTime());
  const gone = before ? Math.max(0, markedAt.getTime() - before.markedAt.getTime()) : 0;
  const goneOn = before ? (timeOf(before.mark) ?? 0) + Math.min(gone, believedMs) : 0;
  return stampOf(Math.max(seen, goneOn, 0));
}
