import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AppError, toAppError, type Principal } from '#platform';
import { MessageLog } from '../messages/message-log.js';
import { ReceiptsStore, type Mark } from './receipts.store.js';

/** Marks are gathered so long: reading comes in bursts, and nobody waits to see it. */
const gatherMs = 50;
const waitingAtMost = 20_000;
const marksPerTransaction = 500;

interface Waiting {
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Read marks, written in batches; of several for one person and conversation only the furthest is. */
@Injectable()
export class Receipts implements OnApplicationShutdown {
  private marks = new Map<string, { mark: Mark; waiting: Waiting[] }>();
  private waiting = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: ReceiptsStore,
    private readonly messageLog: MessageLog,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    this.flush();
    await this.writing;
  }

  /** Resolves once the mark is stored. Throws `conversation.not_a_member`, or `overloaded` before it is taken. */
  mark(by: Principal, conversationId: string, seq: number): Promise<void> {
    if (this.waiting >= waitingAtMost) throw new AppError('overloaded', { retryAfterMs: 250 });
    this.waiting += 1;
    this.timer ??= setTimeout(() => this.flush(), gatherMs);
    return new Promise((resolve, reject) => {
      const key = `${by.id} ${conversationId}`;
      const entry = this.marks.get(key) ?? { mark: { personId: by.id, conversationId, seq }, waiting: [] };
      entry.mark.seq = Math.max(entry.mark.seq, seq);
      entry.waiting.push({ resolve, reject });
      this.marks.set(key, entry);
    });
  }

  private flush(): void {
    this.timer = undefined;
    const entries = [...this.marks.values()];
    this.marks = new Map();
    this.writing = this.writing.then(() => this.write(entries));
  }

  /** Never rejects: whoever waits gets the outcome. */
  private async write(entries: { mark: Mark; waiting: Waiting[] }[]): Promise<void> {
    for (let at = 0; at < entries.length; at += marksPerTransaction) {
      await this.writePart(entries.slice(at, at + marksPerTransaction));
    }
  }

  private async writePart(part: { mark: Mark; waiting: Waiting[] }[]): Promise<void> {
    try {
      const { isMember, records } = await this.store.store(part.map(({ mark }) => mark));
      part.forEach(({ waiting }, i) => {
        for (const { resolve, reject } of waiting) {
          if (isMember[i]) resolve();
          else reject(new AppError('conversation.not_a_member'));
        }
      });
      this.messageLog.announce(records.map((record) => ({ ...record, kind: 'account' as const })));
    } catch (error) {
      for (const { waiting } of part) for (const { reject } of waiting) reject(toAppError(error));
    } finally {
      for (const { waiting } of part) this.waiting -= waiting.length;
    }
  }
}
