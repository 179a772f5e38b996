import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { People } from '#directory';
import { Database, Follower, Hints, Jobs, LogWatch, storedPosition, storePosition } from '#persistence';
import { GroupPolicies } from './group-policies.js';
import { GroupSuccessions } from './group-successions.service.js';
import { handOverJob, handOverJobOptions, type HandOverJobData } from './hand-over.js';

const reader = 'messaging.leaving-owners';
const batch = 500;
const daySeconds = 24 * 3600;

interface Change {
  pos: number;
  personId: string;
  change: string;
}

/** Follows the directory: the groups of whoever left, and does not come back, are handed over after a time. */
@Injectable()
export class LeavingOwners implements OnApplicationBootstrap, OnApplicationShutdown {
  private follower: Follower<Change> | undefined;

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly people: People,
    private readonly policies: GroupPolicies,
    private readonly successions: GroupSuccessions,
    private readonly hints: Hints,
    private readonly watch: LogWatch,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.define(handOverJob, handOverJobOptions);
    await this.jobs.work<HandOverJobData>(handOverJob, (data, signal) => this.work(data, signal));
    // Every process of this kind follows; a leaving that is waited for already is waited for once.
    const follower = new Follower<Change>({
      name: reader,
      start: await storedPosition(this.database, reader),
      read: async (after) => {
        const entries = await this.people.changesAfter(after, batch);
        const last = entries.at(-1);
        return last && { after, to: last.pos, entries };
      },
      apply: async ({ to, entries }) => {
        for (const entry of entries) {
          if (entry.change === 'disabled' || entry.change === 'gone') await this.expect(entry);
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

  private async expect({ personId, pos }: Change): Promise<void> {
    const { afterDays } = this.policies.handOver.value();
    const data: HandOverJobData = { personId, leftPos: pos };
    await this.jobs.ask(handOverJob, `${personId} ${pos}`, data, undefined, afterDays * daySeconds);
  }

  /** Whoever came back keeps their groups; whoever left again since has a time of their own for that. */
  private async work({ personId, leftPos }: HandOverJobData, signal: AbortSignal): Promise<void> {
    const departure = await this.people.departure(personId);
    if (departure === undefined || (leftPos !== undefined && leftPos !== departure)) return;
    await this.successions.handOverAll(personId, signal);
  }
}
