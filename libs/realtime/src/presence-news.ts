import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { ServerEventData } from '#contracts';
import { Presence } from '#access';
import { People, visibilityChanged } from '#directory';
import { Hints } from '#persistence';
import { isDatabaseAway, logger } from '#platform';
import type { Connection } from './connection.js';

const log = logger('realtime');
/** Comings and goings are told together. */
const gatherMs = 100;
const peopleAtOnce = 500;

type PresenceOf = ServerEventData<'presence.changed'>;

/** Tells connections of the comings and goings of those they watch. */
@Injectable()
export class PresenceNews implements OnApplicationBootstrap {
  private readonly watchers = new Map<string, Set<Connection>>();
  private readonly waiting = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly presence: Presence,
    private readonly people: People,
    private readonly hints: Hints,
  ) {}

  onApplicationBootstrap(): void {
    this.hints.subscribe('directory', (message) => {
      if (message === visibilityChanged) void this.watchAnew();
    });
    this.presence.onNews((personId) => {
      if (!this.watchers.has(personId)) return;
      this.waiting.add(personId);
      this.timer ??= setTimeout(() => void this.tell(), gatherMs).unref();
    });
  }

  /** Replaces whom a connection watches; somebody hidden is offline, like nobody. @returns their presence now */
  async watch(connection: Connection, personIds: readonly string[]): Promise<PresenceOf[]> {
    const seen = await this.people.seenAmong(connection.principal, [...new Set(personIds)]);
    this.unwatch(connection);
    if (!connection.isOpen) return [];
    connection.watched = seen;
    for (const personId of connection.watched) {
      this.watchers.set(personId, (this.watchers.get(personId) ?? new Set()).add(connection));
    }
    const states = await this.statesOf([...seen]);
    const hidden = personIds.filter((personId) => !seen.has(personId));
    return [...states, ...hidden.map((personId) => ({ personId, state: 'offline' as const }))];
  }

  unwatch(connection: Connection): void {
    if (connection.watched.size === 0) return;
    for (const personId of connection.watched) {
      const watchers = this.watchers.get(personId);
      watchers?.delete(connection);
      if (watchers?.size === 0) this.watchers.delete(personId);
    }
    connection.watched = new Set();
  }

  /** Other rules hold: nobody goes on watching whom they may not see any more. */
  private async watchAnew(): Promise<void> {
    const connections = new Set([...this.watchers.values()].flatMap((watchers) => [...watchers]));
    for (const connection of connections) {
      try {
        const before = [...connection.watched];
        await this.watch(connection, before);
        for (const personId of before) {
          if (!connection.watched.has(personId))
            connection.sendVolatile('presence.changed', { personId, state: 'offline' });
        }
      } catch (err) {
        if (!isDatabaseAway(err)) log.warn({ err }, 'presence could not be watched anew');
        this.unwatch(connection);
      }
    }
  }

  private async statesOf(personIds: string[]): Promise<PresenceOf[]> {
    const online = await this.presence.online(personIds);
    return personIds.map((personId) => ({ personId, state: online.has(personId) ? 'online' : 'offline' }));
  }

  private async tell(): Promise<void> {
    this.timer = undefined;
    const personIds = [...this.waiting];
    this.waiting.clear();
    try {
      for (let at = 0; at < personIds.length; at += peopleAtOnce) {
        for (const state of await this.statesOf(personIds.slice(at, at + peopleAtOnce))) {
          for (const watcher of this.watchers.get(state.personId) ?? [])
            watcher.sendVolatile('presence.changed', state);
        }
      }
    } catch (err) {
      if (!isDatabaseAway(err)) log.warn({ err }, 'presence could not be told');
    }
  }
}
