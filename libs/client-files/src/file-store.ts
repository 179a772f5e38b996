import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  widened,
  type ClientStore,
  type LogMark,
  type LogRange,
  type OutboxItem,
  type StoredPosition,
  type StoredState,
} from '#client';
import type { ConversationEvent } from '#contracts';
import { EventFile } from './event-file.js';
import { Journal } from './journal.js';

/** Files whose places are remembered; the others are read again when they are needed. */
const filesOpen = 200;
/** The journal is written anew when so many of its records count no more. */
const staleRecords = 10_000;

/** A change of what is kept besides events. What a log holds is decided by its mark alone. */
type Change =
  | { mark: LogMark }
  | { drop: string }
  | { position: StoredPosition }
  | { put: OutboxItem }
  | { remove: string };

/** A folder on a disk. Every change is on the disk before its promise resolves. */
export class FileStore implements ClientStore {
  private journal: Journal | undefined;
  private records = 0;
  private position: StoredPosition | undefined;
  private readonly marks = new Map<string, LogMark>();
  private readonly outbox = new Map<string, OutboxItem>();
  private readonly files = new Map<string, EventFile>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly folder: string) {}

  open(): Promise<StoredState> {
    return this.inTurn(async () => {
      await this.opened();
      return {
        position: this.position,
        logs: [...this.marks.values()],
        outbox: [...this.outbox.values()],
      };
    });
  }

  write(mark: LogMark, events: readonly ConversationEvent[]): Promise<void> {
    return this.inTurn(async () => {
      const { conversationId } = mark;
      // Events first: without the mark they do not count yet, and a mark never counts what is not there.
      await (await this.file(conversationId)).add(events);
      await this.change({ mark: widened(mark, this.marks.get(conversationId)) });
    });
  }

  cut(mark: LogMark): Promise<void> {
    return this.inTurn(async () => {
      await this.change({ mark });
      await (await this.file(mark.conversationId)).keepOnly(mark.start + 1, mark.cursor);
    });
  }

  drop(conversationId: string): Promise<void> {
    return this.inTurn(async () => {
      await this.change({ drop: conversationId });
      this.files.delete(conversationId);
      await rm(this.pathOf(conversationId), { force: true });
    });
  }

  read(conversationId: string, { after, before, limit }: LogRange): Promise<ConversationEvent[]> {
    return this.inTurn(async () => {
      const mark = this.marks.get(conversationId);
      if (!mark) return [];
      const { start, cursor } = mark;
      const first = before === undefined ? (after ?? start) + 1 : before - limit;
      const last = before === undefined ? (after ?? start) + limit : before - 1;
      const file = await this.file(conversationId);
      return file.read(Math.max(first, start + 1), Math.min(last, cursor));
    });
  }

  storePosition(position: StoredPosition): Promise<void> {
    return this.inTurn(() => this.change({ position }));
  }

  putOutbox(item: OutboxItem): Promise<void> {
    return this.inTurn(() => this.change({ put: item }));
  }

  removeOutbox(clientId: string): Promise<void> {
    return this.inTurn(() => this.change({ remove: clientId }));
  }

  clear(): Promise<void> {
    return this.inTurn(async () => {
      this.journal = undefined;
      this.records = 0;
      this.position = undefined;
      for (const kept of [this.marks, this.outbox, this.files]) kept.clear();
      await rm(this.folder, { recursive: true, force: true });
    });
  }

  /** One after the other, each whether or not the one before succeeded. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work, work);
    this.last = done;
    return done;
  }

  private async opened(): Promise<Journal> {
    if (this.journal) return this.journal;
    await mkdir(join(this.folder, 'logs'), { recursive: true, mode: 0o700 });
    this.journal = await Journal.open(join(this.folder, 'journal'), (record) => this.apply(record as Change));
    return this.journal;
  }

  private async change(change: Change): Promise<void> {
    const journal = await this.opened();
    await journal.append([change]);
    this.apply(change);
    const counting = this.marks.size + this.outbox.size + 1;
    if (this.records < counting + staleRecords) return;
    await journal.replace(this.state());
    this.records = counting;
  }

  private apply(change: Change): void {
    this.records += 1;
    if ('mark' in change) this.marks.set(change.mark.conversationId, change.mark);
    else if ('drop' in change) this.marks.delete(change.drop);
    else if ('position' in change) this.position = change.position;
    else if ('put' in change) this.outbox.set(change.put.clientId, change.put);
    else this.outbox.delete(change.remove);
  }

  private state(): Change[] {
    return [
      ...[...this.marks.values()].map((mark) => ({ mark })),
      ...[...this.outbox.values()].map((item) => ({ put: item })),
      ...(this.position ? [{ position: this.position }] : []),
    ];
  }

  private async file(conversationId: string): Promise<EventFile> {
    await this.opened();
    const known = this.files.get(conversationId);
    const file = known ?? (await EventFile.open(this.pathOf(conversationId)));
    // The one that was used last is forgotten last.
    this.files.delete(conversationId);
    this.files.set(conversationId, file);
    if (this.files.size > filesOpen) this.files.delete(this.files.keys().next().value!);
    return file;
  }

  /** Ids come from the service and are no paths. */
  private pathOf(conversationId: string): string {
    return join(this.folder, 'logs', `${encodeURIComponent(conversationId).replaceAll('.', '%2E')}.log`);
  }
}
