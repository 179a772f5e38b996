import type { ConversationEvent } from '#contracts';
import { Journal, type Place } from './journal.js';

/** The events of one conversation in a file, found by seq. Of several with one seq the last written counts. */
export class EventFile {
  private constructor(
    private readonly journal: Journal,
    private places: Map<number, Place>,
  ) {}

  static async open(path: string): Promise<EventFile> {
    const places = new Map<number, Place>();
    const journal = await Journal.open(path, (event, place) => {
      places.set((event as ConversationEvent).seq, place);
    });
    return new EventFile(journal, places);
  }

  async add(events: readonly ConversationEvent[]): Promise<void> {
    const places = await this.journal.append(events);
    events.forEach(({ seq }, i) => this.places.set(seq, places[i]!));
  }

  /** Ascending. */
  async read(firstSeq: number, lastSeq: number): Promise<ConversationEvent[]> {
    const places: Place[] = [];
    for (let seq = firstSeq; seq <= lastSeq; seq += 1) {
      const place = this.places.get(seq);
      if (place) places.push(place);
    }
    return (await this.journal.read(places)) as ConversationEvent[];
  }

  /** Keeps no others than these. */
  async keepOnly(firstSeq: number, lastSeq: number): Promise<void> {
    const kept = await this.read(firstSeq, lastSeq);
    const places = await this.journal.replace(kept);
    this.places = new Map(kept.map(({ seq }, i) => [seq, places[i]!]));
  }
}
