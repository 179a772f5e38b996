import { limits, type ConversationEvent } from '#contracts';
import { toWire, type LogEntry } from './event.js';

/** Events whose contents are read before it is known how large they are. */
const firstPiece = 100;

/** An event as clients see it, and what it takes of an answer. */
export interface SizedEvent {
  event: ConversationEvent;
  bytes: number;
  conversationId: string;
}

export function toSized(entry: LogEntry): SizedEvent {
  const event = toWire(entry);
  const { conversationId } = entry;
  return { event, bytes: Buffer.byteLength(JSON.stringify(event), 'utf8'), conversationId };
}

/**
 * Events of an answer, as many as fit into its bytes, but at least one. Read in pieces: the first one tells how large
 * the next may be, so that long messages are not read only to be left out.
 */
export class FittingPage {
  readonly events: ConversationEvent[] = [];
  private readonly conversationIds: string[] = [];
  private bytes = 0;
  private isFull = false;

  /** @param limit events at most */
  constructor(private readonly limit: number) {}

  /** How many more are worth reading; 0 once the page is full. */
  get nextPiece(): number {
    const left = this.limit - this.events.length;
    if (this.isFull || left === 0) return 0;
    if (this.events.length === 0) return Math.min(firstPiece, left);
    const fit = Math.ceil((limits.eventsBytes - this.bytes) / (this.bytes / this.events.length));
    return Math.min(Math.max(fit, 1), left);
  }

  take(events: readonly SizedEvent[]): void {
    for (const { event, bytes, conversationId } of events) {
      this.bytes += bytes;
      this.isFull = this.bytes > limits.eventsBytes && this.events.length > 0;
      if (this.isFull) return;
      this.events.push(event);
      this.conversationIds.push(conversationId);
    }
  }

  byConversation(): Map<string, ConversationEvent[]> {
    return Map.groupBy(this.events, (_event, i) => this.conversationIds[i]!);
  }
}
