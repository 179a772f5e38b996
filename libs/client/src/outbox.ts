import { limits, newId, type Ack, type MessageBody } from '#contracts';
import { backoffMs, pause } from './backoff.js';
import { isPassing, isSessionOver, OfflineError, RefusedError } from './errors.js';
import type { ClientStore, OutboxItem } from './store.js';

const backoff = { firstMs: 250, mostMs: 15_000 };
/** A fault of the service is tried again so often before a person has to look. */
const faultAttempts = 8;
/** Beyond this a client that stays offline takes no more. */
const mostWaiting = 1000;
/** What a request carries beside its body: ids, names of fields, the frame. */
const envelopeBytes = 512;

export interface Draft {
  conversationId: string;
  body: MessageBody;
  replyTo?: string;
  /** What a screen shows of a file until the log has it. */
  file?: OutboxItem['file'];
  /** Given where the same message may be added more than once. */
  clientId?: string;
}

export interface OutboxHooks {
  send(item: OutboxItem): Promise<Ack>;
  /** Whether the event of an acknowledged message has come back already. */
  isApplied(conversationId: string, seq: number): boolean;
  onChange(conversationId: string): void;
  /** The store broke; what is under way stays and is tried again. */
  onFault(error: unknown): void;
  wait?: typeof pause;
}

/**
 * Messages on their way. Each keeps its clientId and stays stored until its seq is known, so that whatever is cut in
 * between, it is sent once. In a conversation one follows the other: their order is that of writing.
 */
export class Outbox {
  private readonly all = new Map<string, OutboxItem>();
  private readonly lanes = new Set<string>();
  private readonly underWay = new Set<string>();
  private readonly unstored = new Set<string>();
  private readonly waiters = new Map<string, ((outcome: Ack | Error) => void)[]>();
  private online = false;
  private changed = new AbortController();
  private lastOrder = 0;

  constructor(
    private readonly store: ClientStore,
    private readonly hooks: OutboxHooks,
  ) {}

  load(items: readonly OutboxItem[]): void {
    for (const item of items) {
      this.all.set(item.clientId, item);
      this.lastOrder = Math.max(this.lastOrder, item.order);
    }
  }

  /** Messages that were written before this outbox was read, and may not be stored yet. */
  async takeOver(items: readonly OutboxItem[]): Promise<void> {
    for (const { order } of items) this.lastOrder = Math.max(this.lastOrder, order);
    await Promise.all(items.map((item) => this.keep(item)));
  }

  /** In the order of writing. */
  items(conversationId?: string): OutboxItem[] {
    return [...this.all.values()]
      .filter((item) => conversationId === undefined || item.conversationId === conversationId)
      .sort((a, b) => a.order - b.order);
  }

  /**
   * Resolves once the message is stored here. Throws `message.too_long`, `message.empty`, `overloaded`, and
   * `client_id_reused` where another message is under way with this id.
   */
  async add(draft: Draft): Promise<OutboxItem> {
    requireSendable(draft.body);
    const known = this.all.get(draft.clientId ?? '');
    if (known && !isSame(known, draft)) throw new RefusedError('client_id_reused');
    if (known?.state === 'waiting') return known;
    const waiting = this.items().filter(({ state }) => state === 'waiting').length;
    if (waiting >= mostWaiting) throw new RefusedError('overloaded', { waiting });
    return this.enqueue(draft);
  }

  /** Sends a message that the service may have lost. Bounded by what is kept here, not by what may wait. */
  async offerAgain(draft: Draft & { clientId: string }): Promise<void> {
    if (this.all.get(draft.clientId)?.state !== 'waiting') await this.enqueue(draft);
  }

  /** What was to go to a conversation goes to another one. */
  async redirect(from: string, to: string): Promise<void> {
    for (const item of this.items(from)) await this.change({ ...item, conversationId: to });
    this.hooks.onChange(from);
    this.run(to);
  }

  /** Sends what was acknowledged but has not come back: the service may have lost it since. */
  async offerUnseen(): Promise<void> {
    for (const { seq: _seq, ...item } of this.items()) {
      if (item.state === 'sent') await this.offerAgain(item);
    }
  }

  /** Adds a message and waits until the service has it. Throws what it was refused with for good. */
  async deliver(draft: Draft & { clientId: string }): Promise<Ack> {
    const { clientId } = draft;
    const outcome = new Promise<Ack | Error>((resolve) => {
      this.waiters.set(clientId, [...(this.waiters.get(clientId) ?? []), resolve]);
    });
    try {
      await this.add(draft);
    } catch (error) {
      this.waiters.delete(clientId);
      throw error;
    }
    const known = await outcome;
    if (known instanceof Error) throw known;
    return known;
  }

  /** Sending begins, or rests, with the connection. */
  setOnline(online: boolean): void {
    this.online = online;
    this.changed.abort();
    this.changed = new AbortController();
    if (!online) return;
    for (const conversationId of new Set(this.items().map((item) => item.conversationId))) {
      this.run(conversationId);
    }
  }

  /** Sends a failed message again, behind those that wait. */
  async retry(clientId: string): Promise<void> {
    const item = this.all.get(clientId);
    if (item?.state !== 'failed') return;
    const { reason: _reason, ...rest } = item;
    await this.change({ ...rest, state: 'waiting', order: (this.lastOrder += 1) });
    this.run(item.conversationId);
  }

  /** Gives up a message that is not under way. @returns false where it is too late */
  async discard(clientId: string): Promise<boolean> {
    const item = this.all.get(clientId);
    if (!item || item.state === 'sent' || this.underWay.has(clientId)) return false;
    this.all.delete(clientId);
    await this.store.removeOutbox(clientId);
    this.hooks.onChange(item.conversationId);
    this.tell(clientId, new Error('the message was discarded'));
    return true;
  }

  /** The log of a conversation was applied up to here: what came back with it need not be shown from here. */
  settle(conversationId: string, cursor: number): void {
    const settled = this.items(conversationId).filter(({ seq }) => seq !== undefined && seq <= cursor);
    for (const { clientId } of settled) this.all.delete(clientId);
    if (settled.length > 0) this.hooks.onChange(conversationId);
  }

  private async enqueue({ clientId = newId(), ...draft }: Draft): Promise<OutboxItem> {
    const order = (this.lastOrder += 1);
    const item: OutboxItem = { ...draft, clientId, order, createdAt: Date.now(), state: 'waiting' };
    await this.keep(item);
    return item;
  }

  /**
   * Shown at once, and sent when it is stored: what was sent before it was stored could, after the end of the process,
   * arrive behind something that was written later.
   */
  private async keep(item: OutboxItem): Promise<void> {
    const { clientId, conversationId } = item;
    this.all.set(clientId, item);
    this.unstored.add(clientId);
    this.hooks.onChange(conversationId);
    try {
      await this.store.putOutbox(item);
    } catch (error) {
      this.all.delete(clientId);
      this.hooks.onChange(conversationId);
      throw error;
    } finally {
      this.unstored.delete(clientId);
      this.run(conversationId);
    }
  }

  private run(conversationId: string): void {
    if (!this.online || this.lanes.has(conversationId)) return;
    this.lanes.add(conversationId);
    void this.runLane(conversationId);
  }

  /** Never rejects. */
  private async runLane(conversationId: string): Promise<void> {
    for (let attempt = 0; ;) {
      const item = this.items(conversationId).find(({ state }) => state === 'waiting');
      if (!item || !this.online || this.unstored.has(item.clientId)) {
        // In the same breath: what is added or stored from here on begins a lane of its own.
        this.lanes.delete(conversationId);
        return;
      }
      this.underWay.add(item.clientId);
      const again = await this.attempt(item, attempt).finally(() => this.underWay.delete(item.clientId));
      attempt = again === undefined ? 0 : attempt + 1;
      const { signal } = this.changed;
      if (again !== undefined && this.online) await (this.hooks.wait ?? pause)(again, signal);
    }
  }

  /** @returns milliseconds after which to try again; undefined when the item is done with */
  private async attempt(item: OutboxItem, attempt: number): Promise<number | undefined> {
    try {
      const ack = await this.hooks.send(item);
      await this.onAck(item, ack);
      return undefined;
    } catch (error) {
      if (error instanceof OfflineError) return backoffMs(attempt, backoff);
      if (!(error instanceof RefusedError)) {
        this.hooks.onFault(error);
        return backoffMs(attempt, backoff);
      }
      if (isSessionOver(error)) {
        this.online = false;
        return undefined;
      }
      const isLasting = !isPassing(error) || (error.code === 'internal' && attempt + 1 >= faultAttempts);
      if (!isLasting) return backoffMs(attempt, backoff, error.retryAfterMs);
      return this.fail(item, error);
    }
  }

  private async fail(item: OutboxItem, refusal: RefusedError): Promise<undefined> {
    const { code, details } = refusal;
    try {
      await this.change({ ...item, state: 'failed', reason: { code, details } });
    } catch (error) {
      this.hooks.onFault(error);
    }
    this.tell(item.clientId, refusal);
  }

  private async onAck(item: OutboxItem, ack: Ack): Promise<void> {
    await this.store.removeOutbox(item.clientId);
    if (this.hooks.isApplied(item.conversationId, ack.seq)) this.all.delete(item.clientId);
    else this.all.set(item.clientId, { ...item, state: 'sent', seq: ack.seq });
    this.hooks.onChange(item.conversationId);
    this.tell(item.clientId, ack);
  }

  private async change(item: OutboxItem): Promise<void> {
    this.all.set(item.clientId, item);
    await this.store.putOutbox(item);
    this.hooks.onChange(item.conversationId);
  }

  private tell(clientId: string, outcome: Ack | Error): void {
    for (const resolve of this.waiters.get(clientId) ?? []) resolve(outcome);
    this.waiters.delete(clientId);
  }
}

const isSame = (item: OutboxItem, { conversationId, body, replyTo }: Draft): boolean =>
  item.conversationId === conversationId &&
  item.replyTo === replyTo &&
  JSON.stringify(item.body) === JSON.stringify(body);

const encoder = new TextEncoder();

/** Bytes of a text as the service counts them. */
export const textBytes = (text: string): number => encoder.encode(text).length;

/** Refuses here what the service would refuse. */
function requireSendable(body: MessageBody): void {
  const text = body.type === 'text' ? body.text : (body.caption ?? '');
  const bytes = textBytes(text);
  if (bytes > limits.textBytes) {
    throw new RefusedError('message.too_long', { bytes, maxBytes: limits.textBytes });
  }
  if (body.type === 'text' && text.trim() === '') throw new RefusedError('message.empty');
  // Characters that JSON escapes, and mentions, can make a short text a large request.
  const requestBytes = textBytes(JSON.stringify(body)) + envelopeBytes;
  if (requestBytes > limits.requestBytes) throw new RefusedError('request.too_large', { requestBytes });
}
