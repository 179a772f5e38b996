import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import {
  isUnlisted,
  Members,
  MessageLog,
  Sync,
  toWire,
  type LogEntry,
  type LogListener,
  type MembersChange,
} from '#messaging';
import { AddressedEvents, deliveriesOf, type Delivery } from './deliveries.js';
import { ReadNews } from './read-news.js';
import type { Receiver } from './receiver.js';
import { Registry } from './registry.js';

/** Follows the log and sends what is new to those who may see it, in its order. */
@Injectable()
export class Fanout implements OnApplicationBootstrap {
  private epoch: string | undefined;

  constructor(
    private readonly messageLog: MessageLog,
    private readonly sync: Sync,
    private readonly members: Members,
    private readonly registry: Registry,
    private readonly readNews: ReadNews,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.messageLog.followFromNow('fan-out', this.apply, this.begin);
  }

  /**
   * Of another log nothing is known here: not who is in which conversation, nor what was sent. Devices come back and
   * find out for themselves.
   */
  private readonly begin = (epoch: string): void => {
    const isOther = this.epoch !== undefined && this.epoch !== epoch;
    this.epoch = epoch;
    for (const connection of [...this.registry.all()]) {
      if (isOther) connection.send('sync.reset', { epoch });
      connection.close();
    }
  };

  private readonly apply: LogListener = async ({ to, entries }, at) => {
    const unlisted = new Map<number, MembersChange>();
    for (const entry of entries) {
      if (isUnlisted(entry.meta)) unlisted.set(entry.pos, await this.members.changedWith(entry));
    }
    const position = { pos: to, text: this.sync.positionAt(this.epoch!, to, at) };
    const deliveries = deliveriesOf(entries, unlisted).map((delivery) => this.address(delivery));
    const lasts = lastDeliveries(deliveries);
    for (const { events, headSeq, receivers } of deliveries) {
      for (const [connection, joinedSeq] of receivers) {
        if (joinedSeq > headSeq) continue;
        // Said with the last delivery of the stretch: only then everything up to it was sent.
        connection.sendEvents(events, joinedSeq, lasts.get(connection) === events ? position : undefined);
      }
    }
    for (const entry of entries) if (entry.type === 'account.read') this.readNews.add(readOf(entry));
  };

  /** Who gets a delivery. Memberships change here, at their place in the log. */
  private address(delivery: Delivery): Addressed {
    const { conversationId, entries, joined, left } = delivery;
    const [first] = entries;
    for (const personId of joined) this.registry.join(conversationId, personId, first!.seq);
    // An account log is its person's alone, whether or not it was there when they connected.
    const receivers = isAccountEvent(first!)
      ? this.registry.connectionsOf(conversationId).map((connection) => [connection, 1] as const)
      : [...this.registry.receiversOf(conversationId)];
    for (const personId of left) this.registry.leave(conversationId, personId, first!.seq);
    const events = new AddressedEvents(conversationId, receivers.length > 0 ? entries.map(toWire) : []);
    return { events, headSeq: entries.at(-1)!.seq, receivers };
  }
}

interface Addressed {
  events: AddressedEvents;
  headSeq: number;
  /** Each with the first seq they see. */
  receivers: readonly (readonly [Receiver, number])[];
}

function lastDeliveries(deliveries: readonly Addressed[]): Map<Receiver, AddressedEvents> {
  const lasts = new Map<Receiver, AddressedEvents>();
  for (const { events, headSeq, receivers } of deliveries) {
    for (const [connection, joinedSeq] of receivers) {
      if (joinedSeq <= headSeq) lasts.set(connection, events);
    }
  }
  return lasts;
}

const isAccountEvent = ({ type }: LogEntry): boolean => type.startsWith('account.');

const readOf = ({ conversationId: personId, meta }: LogEntry) => ({
  personId,
  conversationId: String(meta['conversationId']),
  seq: Number(meta['readSeq']),
});
