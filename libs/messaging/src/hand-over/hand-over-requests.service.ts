import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AuditTrail } from '#audit';
import { People } from '#directory';
import { Database, Jobs } from '#persistence';
import { AppError, type Principal } from '#platform';
import { handOverJob, handOverJobOptions, type HandOverJobData } from './hand-over.js';

/** Asks for the groups of somebody who left to be handed over at once. Needs no key to what was written. */
@Injectable()
export class HandOverRequests implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly people: People,
    private readonly trail: AuditTrail,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.define(handOverJob, handOverJobOptions);
  }

  /** Asked again while it is under way, changes nothing. Throws `person.not_found` and `person.active`. */
  async ask(by: Principal, personId: string): Promise<void> {
    const [person] = await this.people.summaries('system', [personId]);
    if (person?.kind !== 'person') throw new AppError('person.not_found');
    if (person.active) throw new AppError('person.active');
    await this.database.transaction(async (tx) => {
      const data: HandOverJobData = { personId };
      if (!(await this.jobs.ask(handOverJob, `${personId} now`, data, tx))) return;
      await this.trail.record(tx, {
        action: 'groups.hand_over_asked',
        by,
        object: { kind: 'person', id: personId },
      });
    });
  }
}
