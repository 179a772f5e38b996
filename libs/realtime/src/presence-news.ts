import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { ServerEventData } from '#contracts';
import { Presence } from '#access';
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

  constructor(private readonly presence: Presence) {}

  onApplicationBootstrap(): void {
    this.presence.onNews((personId) => {
      if (!this.watchers.has(personId)) return;
      this.waiting.add(personId);
      this.timer ??= setTimeout(() => void this.tell(), gatherMs).unref();
    });
  }

  /** Replaces whom a connection watches. @returns their presence now */
  async watch(connection: Connection, personIds: readonly string[]): Promise<PresenceOf[]> {
    this.unwatch(connection);
    connection.watched = new Set(personIds);
    for (const personId of connection.watched) {
      this.watchers.set(personId, (this.watchers.get(personId) ?? new Set()).add(connection));
    }
    return this.statesOf([...connection.watched]);
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
