import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#persistence';
import { AppError, toAppError } from '#platform';
import { EventLogStore } from '../log/event-log.store.js';
import { type NewEvent } from '../log/event.js';
import type { LogEntry } from '../log/event.js';
import { decide, repeatOf, sentAs, type PreparedSend, type Sent } from './send.js';

/** Room for what belongs to a send and lies in another library; called in its transaction. */
export type Accompany = (tx: Transaction, sent: readonly (readonly [PreparedSend, Sent])[]) => Promise<void>;

export interface CommittedBatch {
  /** In the order of the sends: the outcome, or why there is none. */
  outcomes: (Sent | AppError)[];
  /** What was written, in the order of positions. */
  entries: LogEntry[];
}

/** One transaction per batch of sends. */
@Injectable()
export class MessagesStore {
  constructor(
    private readonly database: Database,
    private readonly log: EventLogStore,
  ) {}

  /** An outcome for each send. A fault of the database fails the batch as a whole, and then nothing of it is stored. */
  commit(sends: readonly PreparedSend[], accompany: Accompany): Promise<CommittedBatch> {
    return this.database.transaction(async (tx) => {
      const { conversations, standings } = await this.log.open(
        tx,
        sends.map(({ conversationId, senderId, request }) => ({
          conversationId,
          personId: senderId,
          clientId: request.clientId,
        })),
      );
      const batch = new Decisions();
      sends.forEach((send, i) => {
        const standing = standings[i]!;
        batch.add(send, () =>
          standing.known
            ? repeatOf(standing.known, send)
            : decide(send, conversations.get(send.conversationId), standing),
        );
      });
      if (batch.events.length === 0) return batch.settle([]);
      const records = await this.log.append(tx, conversations, batch.events);
      const committed = batch.settle(
        records.map((record, i) => ({
          ...record,
          kind: conversations.get(record.conversationId)!.kind,
          content: { body: batch.senders[i]!.body },
        })),
      );
      await accompany(
        tx,
        batch.senders.map((send, i) => [send, sentAs(records[i]!)] as const),
      );
      return committed;
    });
  }

  /** What a person's client used an id for, if it did. */
  async findKey(senderId: string, clientId: string) {
    const [standing] = await this.database.transaction((tx) =>
      // A conversation that cannot be a member of anything: only the key is asked for.
      this.log.standing(tx, [{ conversationId: senderId, personId: senderId, clientId }]),
    );
    return standing?.known ?? undefined;
  }
}

/** Collects what is decided about each send of a batch; a send that is there twice is decided once. */
class Decisions {
  readonly events: NewEvent[] = [];
  readonly senders: PreparedSend[] = [];
  private readonly places: (Sent | AppError | { event: number; isRepeat: boolean })[] = [];
  private readonly firsts = new Map<string, { send: PreparedSend; place: number }>();

  add(send: PreparedSend, outcome: () => Sent | NewEvent): void {
    const key = `${send.senderId} ${send.request.clientId}`;
    const first = this.firsts.get(key);
    if (first) {
      this.places.push(this.repeatInBatch(first, send));
      return;
    }
    this.firsts.set(key, { send, place: this.places.length });
    this.places.push(this.decided(send, outcome));
  }

  settle(entries: LogEntry[]): CommittedBatch {
    const outcomes = this.places.map((place) =>
      place instanceof AppError || 'seq' in place
        ? place
        : { ...sentAs(entries[place.event]!), isRepeat: place.isRepeat },
    );
    return { outcomes, entries };
  }

  private decided(send: PreparedSend, outcome: () => Sent | NewEvent) {
    try {
      const decision = outcome();
      if ('isRepeat' in decision) return decision;
      this.events.push(decision);
      this.senders.push(send);
      return { event: this.events.length - 1, isRepeat: false };
    } catch (error) {
      return toAppError(error);
    }
  }

  private repeatInBatch(first: { send: PreparedSend; place: number }, send: PreparedSend) {
    if (!first.send.requestMac.equals(send.requestMac)) return new AppError('client_id_reused');
    const place = this.places[first.place]!;
    return place instanceof AppError || 'seq' in place ? place : { ...place, isRepeat: true };
  }
}
