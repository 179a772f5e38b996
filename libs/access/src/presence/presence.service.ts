import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { newId } from '#contracts';
import { Hints } from '#persistence';
import { logger } from '#platform';
import { PresenceStore } from './presence.store.js';

const log = logger('access');
const beatMs = 10_000;
/** Comings and goings are written together, so that a rush of connections costs a few statements. */
const gatherMs = 50;

/**
 * Who is connected anywhere. True within seconds, not exactly: presence decides nothing. What this process knows of
 * its own connections it writes down for the others; a hint says of whom there is news.
 */
@Injectable()
export class Presence implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly gatewayId = newId();
  private readonly connections = new Map<string, number>();
  private readonly changed = new Set<string>();
  private readonly written = new Set<string>();
  private gathering: NodeJS.Timeout | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: PresenceStore,
    private readonly hints: Hints,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.beat();
    this.timer = setInterval(() => void this.beat(), beatMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    clearTimeout(this.gathering);
    await this.store.leave(this.gatewayId).catch(() => {});
  }

  /** A connection of this person began (1) or ended (-1) in this process. */
  count(personId: string, change: 1 | -1): void {
    const connections = (this.connections.get(personId) ?? 0) + change;
    if (connections > 0) this.connections.set(personId, connections);
    else this.connections.delete(personId);
    this.changed.add(personId);
    this.gathering ??= setTimeout(() => void this.write(), gatherMs).unref();
  }

  online(personIds: readonly string[]): Promise<Set<string>> {
    return this.store.online(personIds);
  }

  /** Called with the id of a person of whom there may be news. */
  onNews(listener: (personId: string) => void): () => void {
    return this.hints.subscribe('presence', listener);
  }

  private async write(): Promise<void> {
    this.gathering = undefined;
    const changed = [...this.changed];
    this.changed.clear();
    const came = changed.filter((id) => this.connections.has(id) && !this.written.has(id));
    const went = changed.filter((id) => !this.connections.has(id) && this.written.has(id));
    try {
      if (came.length > 0) await this.store.add(this.gatewayId, came);
      if (went.length > 0) await this.store.remove(this.gatewayId, went);
      for (const id of came) this.written.add(id);
      for (const id of went) this.written.delete(id);
      for (const id of [...came, ...went]) this.hints.publish('presence', id);
    } catch (err) {
      log.debug({ err }, 'presence could not be written; the next beat tries again');
      for (const id of changed) this.changed.add(id);
    }
  }

  private async beat(): Promise<void> {
    try {
      for (const id of await this.store.beat(this.gatewayId)) this.hints.publish('presence', id);
      // The table does not survive a crash of the database, so each beat writes what may be missing.
      if (this.written.size > 0) await this.store.add(this.gatewayId, [...this.written]);
      if (this.changed.size > 0) await this.write();
    } catch (err) {
      log.debug({ err }, 'presence could not be written');
    }
  }
}
