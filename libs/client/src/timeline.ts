import type { ConversationEvent } from '#contracts';

/** A stretch of a log as it arrives, from a push, a page of sync or a pull alike. */
export interface Delivery {
  /** seq before the first event. */
  prevSeq: number;
  events: ConversationEvent[];
}

/** What a delivery means for a timeline. */
export interface Fit {
  /** Continue the timeline exactly, in order. */
  fresh: ConversationEvent[];
  /** Events that the timeline had already. */
  duplicates: number;
  /** Something between the timeline and the rest of the delivery is missing and has to be pulled. */
  gap: boolean;
}

/**
 * How far one conversation is known here: everything above `start` up to `cursor`, without a hole. Types of events
 * it does not know move it like any other.
 */
export class Timeline {
  /**
   * @param start what lies at or below is not kept here
   * @param cursor what lies above was not applied yet
   */
  constructor(
    private lowest: number,
    private highest: number = lowest,
  ) {}

  get start(): number {
    return this.lowest;
  }

  get cursor(): number {
    return this.highest;
  }

  /** Sorts a delivery out and changes nothing: what is fresh is stored first, then taken by `advance`. */
  fit({ prevSeq, events }: Delivery): Fit {
    const fresh: ConversationEvent[] = [];
    if (prevSeq > this.highest) return { fresh, duplicates: 0, gap: true };
    let duplicates = 0;
    let cursor = this.highest;
    for (const event of events) {
      if (event.seq <= cursor) {
        duplicates += 1;
      } else if (event.seq === cursor + 1) {
        fresh.push(event);
        cursor = event.seq;
      } else {
        return { fresh, duplicates, gap: true };
      }
    }
    return { fresh, duplicates, gap: false };
  }

  /** The events of a fit are stored. Throws where they do not continue the timeline. */
  advance(fresh: readonly ConversationEvent[]): void {
    for (const { seq } of fresh) {
      if (seq !== this.highest + 1) throw new Error(`seq ${seq} does not continue ${this.highest}`);
      this.highest = seq;
    }
  }

  /** What lies at or below does not exist for the caller. @returns whether that is news */
  raiseFloor(floorSeq: number): boolean {
    if (floorSeq <= this.lowest) return false;
    this.lowest = floorSeq;
    this.highest = Math.max(this.highest, floorSeq);
    return true;
  }

  /** Older events directly below were stored as well. */
  extendDown(start: number): void {
    this.lowest = Math.min(this.lowest, start);
  }

  /** What lies above was lost by the service. @returns whether the timeline reached beyond */
  cutAbove(headSeq: number): boolean {
    if (this.highest <= headSeq) return false;
    this.highest = headSeq;
    this.lowest = Math.min(this.lowest, headSeq);
    return true;
  }
}
