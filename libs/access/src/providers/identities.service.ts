import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import type { LinkedIdentity, Page, PersonSummary } from '#contracts';
import { People } from '#directory';
import { AppError, type Principal } from '#platform';
import { Sessions } from '../sessions/sessions.service.js';
import type { IdentityProviderRow, IdentityRow } from './identity-provider.entity.js';
import type { Claims } from './claims.js';
import { ProvidersStore } from './providers.store.js';

/** Whose the accounts of providers are. */
@Injectable()
export class Identities {
  constructor(
    private readonly store: ProvidersStore,
    private readonly people: People,
    private readonly sessions: Sessions,
    private readonly trail: AuditTrail,
  ) {}

  /**
   * The person whose account it is: linked before, or now by a claim that is trusted for it. Throws
   * `auth.identity_unknown`.
   */
  async personOf(provider: IdentityProviderRow, { issuer, subject, all }: Claims): Promise<string> {
    const known = await this.store.identity(issuer, subject);
    if (known) return known.personId;
    const { match } = provider.settings;
    const value = match && all[match.claim];
    if (!match || typeof value !== 'string' || value === '') throw new AppError('auth.identity_unknown');
    const personId = await this.people.idBy(match.attribute, value);
    if (personId === undefined) throw new AppError('auth.identity_unknown');
    return this.store.transaction(async (tx) => {
      const identity = { issuer, subject, personId, providerId: provider.id, linkedBy: 'claim' as const };
      // Somebody who has an account of this issuer already does not get a second one by a claim.
      if (!(await this.store.link(tx, identity))) throw new AppError('auth.identity_unknown');
      await this.trail.record(tx, {
        action: 'identity.linked',
        object: { kind: 'person', id: personId },
        details: { provider: provider.name, issuer, subject, claim: match.claim, value },
      });
      return personId;
    });
  }

  /** Throws `person.not_found`. */
  async list(personId: string): Promise<Page<LinkedIdentity>> {
    await this.requirePerson(personId);
    const rows = await this.store.identitiesOf(personId);
    const names = new Map((await this.store.all()).map(({ id, name }) => [id, name]));
    return { items: rows.map((row) => present(row, names.get(row.providerId) ?? '')), nextCursor: null };
  }

  /** Whoever signed in with it is signed out. A repeat changes nothing. Throws `person.not_found`. */
  async unlink(by: Principal, personId: string, providerId: string): Promise<void> {
    await this.requirePerson(personId);
    await this.store.transaction(async (tx) => {
      if (!(await this.store.unlink(tx, personId, providerId))) return;
      await this.trail.record(tx, {
        action: 'identity.unlinked',
        by,
        object: { kind: 'person', id: personId },
        details: { providerId },
      });
      await this.sessions.endWithin(tx, { accountIds: [personId] }, 'revoked', by);
    });
  }

  async requirePerson(personId: string): Promise<PersonSummary> {
    const [person] = await this.people.summaries('system', [personId]);
    if (person?.kind !== 'person') throw new AppError('person.not_found');
    return person;
  }
}

const present = (
  { providerId, issuer, subject, linkedBy, linkedAt }: IdentityRow,
  provider: string,
): LinkedIdentity => ({ providerId, provider, issuer, subject, linkedBy, linkedAt: linkedAt.toISOString() });
