import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Sessions } from '#access';
import { Database, Follower, Hints, LogWatch, readHead } from '#persistence';
import { isDatabaseAway, logger } from '#platform';
import type { Receiver } from './receiver.js';

const log = logger('realtime');

type Ended = Awaited<ReturnType<Sessions['endedAfter']>>[number];

const batch = 500;
/** A session that was ended is cut off within a second, also where no hint arrives. */
const pollMs = 400;
/** A session that nobody ended runs out; connections are told within this time. */
const sweepMs = 60_000;

/** Cuts off the connections of sessions that were ended, wherever that was. */
@Injectable()
export class SessionEnds implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly connections = new Map<string, Receiver[]>();
  private follower: Follower<Ended> | undefined;
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly sessions: Sessions,
    private readonly hints: Hints,
    private readonly logWatch: LogWatch,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { pos } = await readHead(this.database, 'messages');
    const follower = new Follower<Ended>({
      name: 'session ends',
      pollMs,
      start: pos,
      read: async (after) => {
        const entries = await this.sessions.endedAfter(after, batch);
        const last = entries.at(-1);
        return last && { after, to: last.pos, entries };
      },
      apply: ({ entries }) => {
        for (const { id, reason } of entries) this.cutOff(id, reason);
      },
    });
    this.hints.subscribe('sessions', () => follower.wake());
    this.logWatch.onNewEpoch(async () => follower.restartAt((await readHead(this.database, 'messages')).pos));
    follower.start();
    this.follower = follower;
    this.sweeping = setInterval(() => void this.sweep(), sweepMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.sweeping);
    await this.follower?.stop();
  }

  /** Throws `auth.session_ended` where the session ended before it was watched. */
  async watch(connection: Receiver): Promise<void> {
    const { sessionId } = connection.principal;
    this.connections.set(sessionId, [...(this.connections.get(sessionId) ?? []), connection]);
    await this.sessions.requireLive(sessionId);
  }

  unwatch(connection: Receiver): void {
    const { sessionId } = connection.principal;
    const others = this.connections.get(sessionId)?.filter((one) => one !== connection) ?? [];
    if (others.length > 0) this.connections.set(sessionId, others);
    else this.connections.delete(sessionId);
  }

  private async sweep(): Promise<void> {
    try {
      const watched = [...this.connections.keys()];
      const live = await this.sessions.liveAmong(watched);
      for (const id of watched) if (!live.has(id)) this.cutOff(id, 'expired');
    } catch (err) {
      if (!isDatabaseAway(err)) log.warn({ err }, 'sessions could not be looked through');
    }
  }

  private cutOff(sessionId: string, reason: string): void {
    for (const connection of this.connections.get(sessionId) ?? []) {
      connection.send('session.ended', { reason });
      connection.close();
    }
  }
}
