import { AppError } from '#platform';

export interface QueueLimits {
  /** Items waiting in all. */
  waiting: number;
  /** Of these, from one sender. */
  perSender: number;
  /** Of these, for one conversation. */
  perConversation: number;
  /** Items of one batch. */
  batch: number;
}

export interface Queued {
  senderId: string;
  conversationId: string;
}

/** A full queue empties within a few batches. */
const retryAfterMs = 250;

/**
 * What waits to be written, bounded in all, per sender and per conversation, so that one flood is refused before
 * anybody else's message is. Batches are taken in the order of arrival.
 */
export class SendQueue<Item extends Queued> {
  private items: Item[] = [];
  private readonly senders = new Map<string, number>();
  private readonly conversations = new Map<string, number>();

  constructor(private readonly limits: QueueLimits) {}

  get size(): number {
    return this.items.length;
  }

  /** Throws `rate.limited` where the sender has too many waiting, `overloaded` where the queue has. */
  add(item: Item): void {
    if ((this.senders.get(item.senderId) ?? 0) >= this.limits.perSender) {
      throw new AppError('rate.limited', { retryAfterMs });
    }
    const isCrowded = (this.conversations.get(item.conversationId) ?? 0) >= this.limits.perConversation;
    if (isCrowded || this.items.length >= this.limits.waiting) {
      throw new AppError('overloaded', { retryAfterMs });
    }
    this.items.push(item);
    count(this.senders, item.senderId, 1);
    count(this.conversations, item.conversationId, 1);
  }

  /** The next batch, of those that are chosen; its items wait no longer. */
  take(isChosen: (item: Item) => boolean = () => true): Item[] {
    const batch: Item[] = [];
    const rest: Item[] = [];
    for (const item of this.items) {
      (batch.length < this.limits.batch && isChosen(item) ? batch : rest).push(item);
    }
    this.items = rest;
    for (const { senderId, conversationId } of batch) {
      count(this.senders, senderId, -1);
      count(this.conversations, conversationId, -1);
    }
    return batch;
  }
}

function count(counts: Map<string, number>, key: string, change: number): void {
  const value = (counts.get(key) ?? 0) + change;
  if (value > 0) counts.set(key, value);
  else counts.delete(key);
}
