import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Ack, SendRequest } from '#contracts';
import { AppError, type Principal } from '#platform';
import { requireSendable } from './message.js';
import { MessagePolicies } from './message-policies.js';
import { MessagesStore } from './messages.store.js';
import { RequestMacs } from './request-macs.js';
import { SendWriters } from './send-writers.service.js';
import { repeatOf, type Send, type Sent } from './send.js';
import { TokenBucket } from './token-bucket.js';

const sendersKept = 50_000;
/** A burst may be as long as so many seconds' allowance. */
const burstSeconds = 4;

export interface Acknowledged {
  ack: Ack;
  isRepeat: boolean;
}

/** Sending messages. */
@Injectable()
export class Messages {
  private readonly allowances = new LRUCache<string, TokenBucket>({ max: sendersKept });

  constructor(
    private readonly policies: MessagePolicies,
    private readonly macs: RequestMacs,
    private readonly store: MessagesStore,
    private readonly writers: SendWriters,
  ) {}

  /**
   * Sends a message; the answer comes after the commit. A repeat of the same request gets the first answer, even
   * after its sender has left. Throws the refusals of `sendMessage` in the contract.
   */
  async send(by: Principal, conversationId: string, request: SendRequest): Promise<Acknowledged> {
    requireSendable(request.body);
    const requestMac = this.macs.of(conversationId, request);
    const senderKind = by.kind === 'bot' ? 'bot' : 'person';
    const send: Send = { senderId: by.id, senderKind, conversationId, request, requestMac };
    return acknowledge(await this.limited(send));
  }

  private async limited(send: Send): Promise<Sent> {
    try {
      const retryAfterMs = this.allowance(send.senderId).take();
      if (retryAfterMs > 0) throw new AppError('rate.limited', { retryAfterMs });
      return await this.writers.write(send);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'rate.limited') throw error;
      // A repeat is not a new message, so no limit of its sender refuses it.
      const known = await this.store.findKey(send.senderId, send.request.clientId);
      if (known) return repeatOf(known, send);
      throw error;
    }
  }

  private allowance(senderId: string): TokenBucket {
    const { perSecond } = this.policies.rate.valueNow({ personId: senderId });
    const known = this.allowances.get(senderId);
    if (known?.perSecond === perSecond) return known;
    const fresh = new TokenBucket(perSecond, Math.max(1, perSecond * burstSeconds));
    this.allowances.set(senderId, fresh);
    return fresh;
  }
}

const acknowledge = ({ conversationId, messageId, seq, at, isRepeat }: Sent): Acknowledged => ({
  ack: { conversationId, messageId, seq, committedAt: new Date(at).toISOString() },
  isRepeat,
});
