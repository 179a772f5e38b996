import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Presence } from '#access';
import type { PolledSync, SyncRequest } from '#contracts';
import { Sync } from '#messaging';
import { AppError, metrics, type Principal } from '#platform';
import { Registry } from './registry.js';
import { SessionEnds } from './session-ends.js';
import { WaitingPoll } from './waiting-poll.js';

const waiting = new Gauge({
  name: 'chancery_long_polls',
  help: 'Requests of signed-in devices that wait for news on this process',
  registers: [metrics],
});

/** Requests of this process that may wait at once. */
const pollsAtOnce = 5000;
const retryAfterMs = 2000;
/** Without a hint the log is looked at once in this time. */
const lookEveryMs = 4000;
/** Between two requests a device is still there. */
const presentAfterMs = 5000;

export interface PollRequest extends SyncRequest {
  /** Seconds. */
  wait: number;
}

/** The socket's `sync` for those whom no socket reaches: a request that is answered when there is news. */
@Injectable()
export class LongPolls implements BeforeApplicationShutdown {
  /** The one that waits, by session. */
  private readonly polls = new Map<string, WaitingPoll>();
  private stopping = false;

  constructor(
    private readonly sync: Sync,
    private readonly registry: Registry,
    private readonly sessionEnds: SessionEnds,
    private readonly presence: Presence,
  ) {}

  /** Whoever waits is answered at once, and comes back to another process. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    for (const poll of this.polls.values()) poll.close();
  }

  /** @param gone aborted when the client is. Throws `sync.position_invalid`, `auth.session_ended`, `overloaded`. */
  async answer(by: Principal, request: PollRequest, gone: AbortSignal): Promise<PolledSync> {
    const now = await this.look(by, request);
    if (hasNews(now) || request.wait === 0 || this.stopping) return now;
    const poll = this.begin(by);
    const end = () => poll.close();
    gone.addEventListener('abort', end);
    if (gone.aborted) end();
    try {
      await this.sessionEnds.watch(poll);
      // From here on everything new wakes; what came before is seen by the next look.
      await this.registry.add(poll);
      return await this.untilNews(poll, now, request);
    } finally {
      gone.removeEventListener('abort', end);
      this.end(poll);
    }
  }

  private async untilNews(poll: WaitingPoll, known: PolledSync, request: PollRequest): Promise<PolledSync> {
    const deadline = performance.now() + request.wait * 1000;
    let answer = known;
    while (!poll.isOver) {
      answer = await this.look(poll.principal, { ...request, since: answer.position });
      const left = deadline - performance.now();
      if (hasNews(answer) || left <= 0) break;
      await poll.news(Math.min(lookEveryMs, left));
    }
    return answer;
  }

  private async look(by: Principal, { since, limit, window }: PollRequest): Promise<PolledSync> {
    const outcome = await this.sync.page(by, { since, limit, window });
    if ('reset' in outcome) {
      return { conversations: [], position: since!, more: false, epoch: outcome.reset, reset: true };
    }
    return { ...outcome.answer, epoch: outcome.epoch, reset: false };
  }

  private begin(by: Principal): WaitingPoll {
    const before = this.polls.get(by.sessionId);
    if (!before && this.polls.size >= pollsAtOnce) throw new AppError('overloaded', { retryAfterMs });
    before?.close();
    const poll = new WaitingPoll(by);
    this.polls.set(by.sessionId, poll);
    this.presence.count(by.id, 1);
    waiting.inc();
    return poll;
  }

  private end(poll: WaitingPoll): void {
    const { sessionId } = poll.principal;
    this.registry.remove(poll);
    this.sessionEnds.unwatch(poll);
    if (this.polls.get(sessionId) === poll) this.polls.delete(sessionId);
    setTimeout(() => this.presence.count(poll.personId, -1), presentAfterMs).unref();
    waiting.dec();
  }
}

const hasNews = ({ conversations, more, reset }: PolledSync): boolean =>
  conversations.length > 0 || more || reset;
