import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { People } from '#directory';
import { Database, Follower, Hints, LogWatch, storedPosition, storePosition } from '#persistence';
import { Sessions } from './sessions.service.js';

const reader = 'access.leavers';
const batch = 500;

/** Follows the directory: who was disabled, or is gone, is signed out everywhere. */
@Injectable()
export class Leavers implements OnApplicationBootstrap, OnApplicationShutdown {
  private follower: Follower<{ personId: string; change: string }> | undefined;

  constructor(
    private readonly database: Database,
    private readonly people: People,
    private readonly sessions: Sessions,
    private readonly hints: Hints,
    private readonly watch: LogWatch,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    // Every process of this kind follows; ending a session twice ends it once.
    const follower = new Follower<{ personId: string; change: string }>({
      name: reader,
      start: await storedPosition(this.database, reader),
      read: async (after) => {
        const entries = await this.people.changesAfter(after, batch);
        const last = entries.at(-1);
        return last && { after, to: last.pos, entries };
      },
      apply: async ({ to, entries }) => {
        const leavers = entries.filter(({ change }) => change === 'disabled' || change === 'gone');
        if (leavers.length > 0) {
          await this.sessions.end({ accountIds: leavers.map(({ personId }) => personId) }, 'disabled');
        }
        await storePosition(this.database, reader, to);
      },
    });
    this.hints.subscribe('directory', () => follower.wake());
    this.watch.onNewEpoch(async () => follower.restartAt(await storedPosition(this.database, reader)));
    follower.start();
    this.follower = follower;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.follower?.stop();
  }
}
