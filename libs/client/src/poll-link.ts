import type { ClientEventAnswer, ClientEventData, ClientEventName, PolledSync } from '#contracts';
import { backoffMs, pause } from './backoff.js';
import { isPassing, isSessionOver, OfflineError, RefusedError } from './errors.js';
import type { Http } from './http.js';
import type { Link, LinkHooks } from './link.js';
import type { Ask } from './sync.js';

/** A request waits so long for news; proxies commonly give up an idle one after 30 or 60 seconds. */
const waitSeconds = 25;
const waitTimeoutMs = (waitSeconds + 15) * 1000;
const backoff = { firstMs: 500, mostMs: 15_000 };
/** An answer without news that came sooner was not waited for, so the next request is not hurried. */
const promptMs = 1000;

type Requests = { [N in ClientEventName]: (data: ClientEventData<N>) => Promise<ClientEventAnswer<N>> };

/** The socket's guarantees over plain requests: `GET /sync` waits for news, everything else is a call of its own. */
export class PollLink implements Link {
  private readonly over = new AbortController();
  /** Everything up to here was told; undefined while the device catches up by itself. */
  private position: string | undefined;
  private placed = Promise.withResolvers<void>();
  private polling: AbortController | undefined;
  private inVain = 0;

  private readonly requests: Requests = {
    'message.send': ({ conversationId, ...body }) =>
      this.http.call('sendMessage', { params: { conversationId }, body }, this.over),
    sync: (data) => this.sync(data),
    'events.pull': ({ conversationId, after, limit }) =>
      this.http.call('events', { params: { conversationId }, query: { after, limit } }, this.over),
    'events.digest': ({ conversationId, ...query }) =>
      this.http.call('digest', { params: { conversationId }, query }, this.over),
    // Each `since` says it.
    'position.stored': () => Promise.resolve({}),
    'read.mark': async ({ conversationId, seq }) => {
      await this.http.call('markRead', { params: { conversationId }, body: { seq } }, this.over);
      return {};
    },
    // A courtesy of the socket: here nobody's presence is known.
    'presence.watch': () => Promise.resolve({ items: [] }),
    typing: () => Promise.resolve(undefined),
  };

  constructor(
    private readonly http: Http,
    private readonly hooks: LinkHooks,
  ) {
    void this.run();
  }

  readonly request: Ask = async (name, data) => {
    try {
      return await this.requests[name](data);
    } catch (error) {
      if (!(error instanceof RefusedError) || isSessionOver(error)) this.lose(error);
      throw error;
    }
  };

  emitVolatile(): void {
    // Typing is told over sockets only.
  }

  close(): void {
    this.over.abort();
    this.polling?.abort();
    this.placed.resolve();
  }

  private async run(): Promise<void> {
    try {
      // The smallest answer there is: what this device has missed it asks for itself.
      const { epoch } = await this.http.call('sync', { query: { limit: 1, window: 1 } }, this.over);
      if (this.over.signal.aborted) return;
      this.hooks.onReady({ epoch });
      while (!this.over.signal.aborted) await this.next();
    } catch (error) {
      this.lose(error);
    }
  }

  private async next(): Promise<void> {
    const { position } = this;
    if (position === undefined) return this.placed.promise;
    const polling = new AbortController();
    this.polling = polling;
    const began = performance.now();
    try {
      const parts = { query: { since: position, wait: waitSeconds } };
      const answer = await this.http.call('sync', parts, {
        signal: polling.signal,
        timeoutMs: waitTimeoutMs,
      });
      if (polling.signal.aborted) return;
      this.tell(answer);
      const isHurried = answer.conversations.length === 0 && performance.now() - began < promptMs;
      this.inVain = isHurried ? this.inVain + 1 : 0;
      if (isHurried) await pause(backoffMs(this.inVain - 1, backoff), polling.signal);
    } catch (error) {
      if (polling.signal.aborted) return;
      if (!(error instanceof RefusedError) || !isPassing(error)) throw error;
      await pause(backoffMs((this.inVain += 1), backoff, error.retryAfterMs), polling.signal);
    }
  }

  /** The news of an answer, as a socket would have told it. */
  private tell({ conversations, position, more, epoch, reset }: PolledSync): void {
    if (reset || more || conversations.some((conversation) => conversation.more)) this.unplace();
    else this.position = position;
    if (reset) return this.hooks.onNews('sync.reset', { epoch });
    if (this.position === undefined) {
      for (const { id, headSeq } of conversations) {
        this.hooks.onNews('conversation.changed', { conversationId: id, headSeq });
      }
      return;
    }
    const told = conversations.filter(({ events }) => events.length > 0);
    told.forEach(({ id, prevSeq, events }, i) => {
      const isLast = i === told.length - 1;
      this.hooks.onNews('events', { conversationId: id, prevSeq, events, ...(isLast && { position }) });
    });
  }

  /** The device catches up: its last page is where polling goes on. */
  private async sync({ since, limit, window }: ClientEventData<'sync'>): Promise<ClientEventAnswer<'sync'>> {
    this.unplace();
    this.polling?.abort();
    const { epoch, reset, ...answer } = await this.http.call(
      'sync',
      { query: { since, limit, window } },
      this.over,
    );
    if (this.over.signal.aborted) throw new OfflineError();
    if (reset) this.hooks.onNews('sync.reset', { epoch });
    else if (!answer.more) {
      this.position = answer.position;
      this.placed.resolve();
    }
    return answer;
  }

  private unplace(): void {
    if (this.position === undefined) return;
    this.position = undefined;
    this.placed = Promise.withResolvers();
  }

  private lose(error: unknown): void {
    if (this.over.signal.aborted) return;
    this.close();
    if (error instanceof RefusedError && error.code === 'auth.session_ended') {
      const reason = error.details?.['reason'];
      this.hooks.onNews('session.ended', { reason: typeof reason === 'string' ? reason : 'expired' });
    } else this.hooks.onLost(error);
  }
}
