import { createHash } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Files, type Sendable } from '#files';
import { isUniqueViolation } from '#persistence';
import { Counter, Histogram } from 'prom-client';
import { AppError, isDatabaseAway, logger, metrics, toAppError } from '#platform';
import { Contents } from '../log/content.service.js';
import { LogReader } from '../log/log-reader.service.js';
import { contentBucket } from '../log/month.js';
import { completeBody } from './message.js';
import { MessageLog } from './message-log.js';
import { MessagesStore, type Accompany, type CommittedBatch } from './messages.store.js';
import { SendQueue, type Queued } from './send-queue.js';
import { newMessageId, repeatOf, timeOfId, type PreparedSend, type Send, type Sent } from './send.js';

const log = logger('messaging');

const sent = new Counter({
  name: 'chancery_messages_sent_total',
  help: 'Messages committed by this process',
  registers: [metrics],
});
const batches = new Histogram({
  name: 'chancery_send_batch_messages',
  help: 'Messages of a batch that was committed',
  buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
  registers: [metrics],
});

/** Writers of a process. Each owns the conversations that hash to it, so none of their batches wait for each other. */
const writers = 2;
/** Where fewer wait, one batch of everything is sooner done than one after the other, or both beside each other. */
const crowd = 250;
const queueLimits = { waiting: 8192, perSender: 64, perConversation: 2048, batch: 500 };
/** A batch that collides with another process's use of the same client ids is run again, and then sees them. */
const collisions = 3;

interface Waiting extends Queued {
  send: Send;
  writer: number;
  resolve: (sent: Sent) => void;
  reject: (error: unknown) => void;
}

/** Commits sends in batches: whoever arrives while a batch is being written is in the next one. */
@Injectable()
export class SendWriters implements OnApplicationShutdown {
  private readonly queue = new SendQueue<Waiting>(queueLimits);
  /** Batches that are being written, by their writer. */
  private readonly running = new Map<number | 'everything', Promise<void>>();
  private stopping = false;

  constructor(
    private readonly store: MessagesStore,
    private readonly contents: Contents,
    private readonly files: Files,
    private readonly reader: LogReader,
    private readonly messageLog: MessageLog,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    while (this.running.size > 0) await Promise.all(this.running.values());
  }

  /** Resolves once the message is committed. Throws before it is accepted where the queue is full. */
  write(send: Send): Promise<Sent> {
    if (this.stopping) throw new AppError('service.unavailable', { retryAfterMs: 1000 });
    const writer = createHash('md5').update(send.conversationId).digest()[0]! % writers;
    return new Promise<Sent>((resolve, reject) => {
      const { senderId, conversationId } = send;
      this.queue.add({ senderId, conversationId, send, writer, resolve, reject });
      this.begin();
    });
  }

  /** Writes what may be written now: everything in one batch, or where many wait each writer its own. */
  private begin(): void {
    if (this.queue.size === 0 || this.running.has('everything')) return;
    if (this.queue.size < crowd) {
      if (this.running.size === 0) this.run('everything', this.queue.take());
      return;
    }
    for (let writer = 0; writer < writers; writer += 1) {
      if (this.running.has(writer)) continue;
      const batch = this.queue.take((item) => item.writer === writer);
      if (batch.length > 0) this.run(writer, batch);
    }
  }

  private run(writer: number | 'everything', batch: Waiting[]): void {
    const done = this.runBatch(batch).then(() => {
      this.running.delete(writer);
      return this.begin();
    });
    this.running.set(writer, done);
  }

  /** Never rejects: every item of the batch gets its outcome. */
  private async runBatch(batch: Waiting[]): Promise<void> {
    try {
      const prepared = await this.prepare(batch);
      if (prepared.length > 0) await this.commit(prepared);
    } catch (error) {
      for (const item of batch) item.reject(toAppError(error));
    }
  }

  private async prepare(batch: Waiting[]): Promise<(PreparedSend & { item: Waiting })[]> {
    const bucket = contentBucket(Date.now());
    await this.contents.ensureKeys(batch.map(({ senderId }) => ({ ownerId: senderId, bucket })));
    const files = await this.filesOf(batch);
    const prepared: (PreparedSend & { item: Waiting })[] = [];
    for (const item of batch) {
      const { send } = item;
      const { body, replyTo } = send.request;
      try {
        const file = files.get(item);
        const complete = completeBody(body, file);
        const messageId = newMessageId();
        const content = this.contents.seal(send.senderId, bucket, messageId, 1, complete);
        const repliedSeq = replyTo && (await this.seqOf(send.conversationId, replyTo));
        prepared.push({
          ...send,
          item,
          messageId,
          content,
          body: complete,
          file: 'file' in complete ? complete.file : undefined,
          repliedSeq: repliedSeq || undefined,
        });
      } catch (error) {
        await this.answerRepeat(item, error);
      }
    }
    return prepared;
  }

  private async filesOf(batch: Waiting[]): Promise<Map<Waiting, Sendable>> {
    const wanted = batch.flatMap((item) => {
      const { senderId: ownerId, conversationId, request } = item.send;
      const { body } = request;
      return body.type === 'file' ? [{ item, ownerId, conversationId, fileId: body.fileId }] : [];
    });
    const files = await this.files.sendable(wanted);
    return new Map(wanted.map(({ item }, i) => [item, files[i]!]));
  }

  /** What can no longer be prepared may be a repeat all the same, and that is answered before anything is judged. */
  private async answerRepeat({ send, resolve, reject }: Waiting, error: unknown): Promise<void> {
    try {
      const known = await this.store.findKey(send.senderId, send.request.clientId);
      if (!known) throw error;
      resolve(repeatOf(known, send));
    } catch (refusal) {
      reject(refusal);
    }
  }

  private async seqOf(conversationId: string, messageId: string): Promise<number | undefined> {
    const record = await this.reader.findMessage(conversationId, messageId, timeOfId(messageId));
    return record?.seq;
  }

  private async commit(batch: (PreparedSend & { item: Waiting })[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.settle(batch, await this.store.commit(batch, this.referToFiles));
        return;
      } catch (error) {
        if (isUniqueViolation(error) && attempt <= collisions) continue;
        if (batch.length === 1 || isDatabaseAway(error)) throw error;
        log.warn({ err: error, size: batch.length }, 'a batch failed; its messages are written one by one');
        for (const one of batch) await this.commitAlone(one);
        return;
      }
    }
  }

  private async commitAlone(one: PreparedSend & { item: Waiting }): Promise<void> {
    try {
      await this.commit([one]);
    } catch (error) {
      one.item.reject(toAppError(error));
    }
  }

  private settle(batch: (PreparedSend & { item: Waiting })[], { outcomes, entries }: CommittedBatch): void {
    batch.forEach(({ item }, i) => {
      const outcome = outcomes[i]!;
      if (outcome instanceof AppError) item.reject(outcome);
      else item.resolve(outcome);
    });
    sent.inc(entries.length);
    batches.observe(batch.length);
    this.messageLog.announce(entries);
  }

  private readonly referToFiles: Accompany = (tx, sent) =>
    this.files.refer(
      tx,
      sent.flatMap(([{ request }, { conversationId, seq, messageId }]) =>
        request.body.type === 'file' ? [{ fileId: request.body.fileId, conversationId, seq, messageId }] : [],
      ),
    );
}
