/** What the guarantee had to mend on this device. All zero on a perfect day, and correct on every other. */
export interface Counters {
  /** Stretches that were missing before a delivery and were pulled. */
  gapsPulled: number;
  /** Events that came more than once and were dropped. */
  duplicatesDropped: number;
  /** Logs that differed from the service's and were read again. */
  digestMismatches: number;
  /** Events applied, each once. */
  applied: number;
  /** Deliveries that did not fit into the waiting room and were synced instead. */
  overflowed: number;
  /** Times the service began a new epoch. */
  resets: number;
}

export const newCounters = (): Counters => ({
  gapsPulled: 0,
  duplicatesDropped: 0,
  digestMismatches: 0,
  applied: 0,
  overflowed: 0,
  resets: 0,
});
