import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import type { PersonAccess } from '#contracts';
import { People } from '#directory';
import { AppError, type Principal } from '#platform';
import { Sessions } from '../sessions/sessions.service.js';
import { SessionsStore } from '../sessions/sessions.store.js';
import { BlocksStore } from './blocks.store.js';

/** Disabling a person at once and here, whatever the directory says of them. */
@Injectable()
export class Blocks {
  constructor(
    private readonly store: BlocksStore,
    private readonly people: People,
    private readonly sessions: Sessions,
    private readonly sessionsStore: SessionsStore,
    private readonly trail: AuditTrail,
  ) {}

  /** Throws `person.not_found`. */
  async access(personId: string): Promise<PersonAccess> {
    await this.requirePerson(personId);
    const block = await this.store.find(personId);
    return { block: block && { at: block.at.toISOString(), by: block.byName, reason: block.reason } };
  }

  /** Ends every session in the same transaction; a repeat changes nothing. Throws `person.not_found`. */
  async block(by: Principal, personId: string, reason: string): Promise<PersonAccess> {
    await this.requirePerson(personId);
    await this.sessionsStore.transaction(async (tx) => {
      // A sign-in that is under way is through before this, and ended by it, or sees the block.
      await this.sessionsStore.lockAccount(tx, personId);
      const isNew = await this.store.add(tx, { personId, byId: by.id, byName: by.name, reason });
      if (!isNew) return;
      await this.trail.record(tx, {
        action: 'person.blocked',
        by,
        object: { kind: 'person', id: personId },
        details: { reason },
      });
      await this.sessions.endWithin(tx, { accountIds: [personId] }, 'blocked', by);
    });
    return this.access(personId);
  }

  /** A repeat changes nothing. Throws `person.not_found`. */
  async unblock(by: Principal, personId: string): Promise<PersonAccess> {
    await this.requirePerson(personId);
    await this.sessionsStore.transaction(async (tx) => {
      if (!(await this.store.remove(tx, personId))) return;
      await this.trail.record(tx, {
        action: 'person.unblocked',
        by,
        object: { kind: 'person', id: personId },
      });
    });
    return { block: null };
  }

  private async requirePerson(personId: string): Promise<void> {
    const [person] = await this.people.summaries('system', [personId]);
    if (person?.kind !== 'person') throw new AppError('person.not_found');
  }
}
