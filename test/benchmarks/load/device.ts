import type { Ack, ConversationEvent, ServerEventData, SocketAck, SyncAnswer } from '#contracts';
import { LoadSocket, type SocketListener, type Target } from './socket.js';

export interface LoadPerson {
  id: string;
  token: string;
}

/** What a device was told of one conversation: enough to prove that nothing is missing, doubled or out of place. */
export class Told {
  messages = 0;
  /** Sum over (message, seq); equal sums of equal counts mean the same messages at the same places. */
  sum = 0;

  constructor(public lastSeq: number) {}
}

export type MessageListener = (event: ConversationEvent & { type: 'message.created' }) => void;

const syncPage = 200;

/** A signed-in device that keeps what it was told, as the SDK would, and counts what breaks the promise. */
export class LoadDevice implements SocketListener {
  readonly told = new Map<string, Told>();
  readonly faults: string[] = [];
  onMessage: MessageListener | undefined;
  position: string | undefined;
  /** Drops what it is told, as if it were away. */
  isDeaf = false;
  deliveries = 0;
  bytes = 0;
  pulls = 0;
  private socket: LoadSocket | undefined;

  constructor(readonly person: LoadPerson) {}

  async connect(target: Target): Promise<void> {
    this.socket = await LoadSocket.connect(target, this.person.token, this);
  }

  /** Catches up page by page. @returns how many events came */
  async sync(window?: number): Promise<number> {
    let events = 0;
    for (;;) {
      const page = await this.live.request<SyncAnswer>('sync', {
        since: this.position,
        limit: syncPage,
        window,
      });
      for (const { id, prevSeq, events: stretch, headSeq, more } of page.conversations) {
        this.apply(id, prevSeq, stretch);
        events += stretch.length;
        if (more) await this.pull(id, headSeq);
      }
      this.position = page.position;
      if (!page.more) return events;
    }
  }

  send(
    conversationId: string,
    clientId: string,
    body: Buffer,
    acknowledged: (ack: Ack | string) => void,
  ): void {
    const head = Buffer.from(
      `{"conversationId":"${conversationId}","clientId":"${clientId}","body":`,
      'latin1',
    );
    this.live.emit('message.send', [head, body, closing], (answer) =>
      acknowledged(answer.ok ? (answer as SocketAck<Ack> & { ok: true }).data : answer.error.code),
    );
  }

  event(name: string, data: unknown, bytes: number): void {
    if (this.isDeaf) return;
    if (name === 'events') {
      const { conversationId, prevSeq, events, position } = data as ServerEventData<'events'>;
      this.bytes += bytes;
      this.deliveries += events.length;
      this.apply(conversationId, prevSeq, events);
      if (position) this.position = position;
    } else if (name === 'conversation.changed') {
      const { conversationId, headSeq } = data as ServerEventData<'conversation.changed'>;
      this.pulls += 1;
      this.pull(conversationId, headSeq).catch((error: unknown) => this.faults.push(String(error)));
    }
  }

  lost(reason: string): void {
    this.faults.push(`lost the connection: ${reason}`);
  }

  close(): void {
    this.socket?.close();
    this.socket = undefined;
  }

  /** Counting begins anew; the place in each conversation is kept. */
  forgetCounts(): void {
    this.deliveries = 0;
    this.bytes = 0;
    this.pulls = 0;
    for (const told of this.told.values()) Object.assign(told, { messages: 0, sum: 0 });
  }

  private get live(): LoadSocket {
    if (!this.socket) throw new Error('the device is not connected');
    return this.socket;
  }

  private async pull(conversationId: string, upTo: number): Promise<void> {
    while ((this.told.get(conversationId)?.lastSeq ?? 0) < upTo) {
      const after = this.told.get(conversationId)?.lastSeq ?? 0;
      const page = await this.live.request<{ events: ConversationEvent[] }>('events.pull', {
        conversationId,
        after,
        limit: 500,
      });
      this.apply(conversationId, after, page.events);
    }
  }

  private apply(conversationId: string, prevSeq: number, events: readonly ConversationEvent[]): void {
    const told = this.told.get(conversationId) ?? new Told(prevSeq);
    this.told.set(conversationId, told);
    if (prevSeq !== told.lastSeq) {
      this.faults.push(`${conversationId}: ${prevSeq} does not continue ${told.lastSeq}`);
    }
    for (const event of events) {
      if (event.seq !== told.lastSeq + 1)
        this.faults.push(`${conversationId}: ${event.seq} after ${told.lastSeq}`);
      told.lastSeq = event.seq;
      if (event.type !== 'message.created') continue;
      told.messages += 1;
      told.sum += fingerprint(event.messageId, event.seq);
      this.onMessage?.(event);
    }
  }
}

/** A number below 2^31 that stands for a message at its place; sums of a million of them are exact. */
export function fingerprint(messageId: string, seq: number): number {
  const random = Number.parseInt(messageId.slice(28), 16);
  return ((random ^ Math.imul(seq, 0x9e3779b1)) >>> 1) + seq;
}

const closing = Buffer.from('}');
