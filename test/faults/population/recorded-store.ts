import { setTimeout as pause } from 'node:timers/promises';
import type { ClientStore, LogMark, LogRange, OutboxItem, StoredPosition, StoredState } from '#client';
import type { ConversationEvent } from '#contracts';
import type { Entry } from '../history.js';
import type { Random } from '../random.js';

const slowestMs = 8;

/**
 * What a device keeps, written down as it is kept. Takes its time, as a disk does, and can end with its process: then
 * nothing is written any more, and nobody is told.
 */
export class RecordedStore implements ClientStore {
  private readonly death = Promise.withResolvers<void>();
  private isDead = false;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly inner: ClientStore,
    private readonly tape: Entry[],
    private readonly random: Random,
  ) {}

  /** The process that used this store is gone. */
  die(): void {
    this.isDead = true;
    this.death.resolve();
  }

  get died(): Promise<void> {
    return this.death.promise;
  }

  open(): Promise<StoredState> {
    return this.inner.open();
  }

  write(mark: LogMark, events: readonly ConversationEvent[]): Promise<void> {
    return this.inTurn(async () => {
      await this.inner.write(mark, events);
      this.tape.push({ what: 'kept', conversationId: mark.conversationId, cursor: mark.cursor });
    });
  }

  cut(mark: LogMark): Promise<void> {
    return this.inTurn(async () => {
      await this.inner.cut(mark);
      this.tape.push({ what: 'kept', conversationId: mark.conversationId, cursor: mark.cursor });
    });
  }

  drop(conversationId: string): Promise<void> {
    return this.inTurn(async () => {
      await this.inner.drop(conversationId);
      this.tape.push({ what: 'kept', conversationId, cursor: 0 });
    });
  }

  read(conversationId: string, range: LogRange): Promise<ConversationEvent[]> {
    return this.inner.read(conversationId, range);
  }

  storePosition(position: StoredPosition): Promise<void> {
    this.tape.push({ what: 'position', position: position.position });
    return this.inTurn(() => this.inner.storePosition(position));
  }

  putOutbox(item: OutboxItem): Promise<void> {
    return this.inTurn(() => this.inner.putOutbox(item));
  }

  removeOutbox(clientId: string): Promise<void> {
    return this.inTurn(() => this.inner.removeOutbox(clientId));
  }

  clear(): Promise<void> {
    return this.inTurn(() => this.inner.clear());
  }

  /** One change after the other, as `ClientStore` asks of every store. */
  private inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.last.then(() => this.work(change));
    this.last = done.catch(() => {});
    return done;
  }

  private async work(change: () => Promise<void>): Promise<void> {
    if (this.random.chance(0.3)) await pause(this.random.whole(1, slowestMs));
    if (this.isDead) await new Promise(() => {});
    await change();
  }
}
