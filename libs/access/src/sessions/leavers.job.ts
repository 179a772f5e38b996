import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PeopleChanges, type PersonChange } from '#directory';
import type { Follower } from '#persistence';
import { Sessions } from './sessions.service.js';

const reader = 'access.leavers';

/** Follows the directory: who was disabled, or is gone, is signed out everywhere. */
@Injectable()
export class Leavers implements OnApplicationBootstrap, OnApplicationShutdown {
  private follower: Follower<PersonChange> | undefined;

  constructor(
    private readonly changes: PeopleChanges,
    private readonly sessions: Sessions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    // Every process of this kind follows; ending a session twice ends it once.
    this.follower = await this.changes.followDepartures(reader, async (leavers) => {
      await this.sessions.end({ accountIds: leavers.map(({ personId }) => personId) }, 'disabled');
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.follower?.stop();
  }
}
