import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { People, PeopleChanges, type PersonChange } from '#directory';
import { Jobs, type Follower } from '#persistence';
import { GroupPolicies } from './group-policies.js';
import { GroupSuccessions } from './group-successions.service.js';
import { handOverJob, handOverJobOptions, type HandOverJobData } from './hand-over.js';

const reader = 'messaging.leaving-owners';
const daySeconds = 24 * 3600;

/** Follows the directory: the groups of whoever left, and does not come back, are handed over after a time. */
@Injectable()
export class LeavingOwners implements OnApplicationBootstrap, OnApplicationShutdown {
  private follower: Follower<PersonChange> | undefined;

  constructor(
    private readonly jobs: Jobs,
    private readonly people: People,
    private readonly changes: PeopleChanges,
    private readonly policies: GroupPolicies,
    private readonly successions: GroupSuccessions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.define(handOverJob, handOverJobOptions);
    await this.jobs.work<HandOverJobData>(handOverJob, (data, signal) => this.work(data, signal));
    // Every process of this kind follows; a leaving that is waited for already is waited for once.
    this.follower = await this.changes.followDepartures(reader, async (departures) => {
      for (const departure of departures) await this.expect(departure);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.follower?.stop();
  }

  private async expect({ personId, pos }: PersonChange): Promise<void> {
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
