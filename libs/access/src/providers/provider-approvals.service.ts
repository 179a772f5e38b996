import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AuditTrail } from '#audit';
import { Approvals, type ApprovalRow, type Once } from '#governance';
import type { Transaction } from '#persistence';
import { AppError, type AdministratorPrincipal } from '#platform';
import { Identities } from './identities.service.js';
import { ProvidersStore } from './providers.store.js';
import { fingerprintsOf } from './saml-assertion.js';

const activation = 'provider.activate';
const linking = 'identity.link';
interface LinkAsked {
  clientId: string;
  providerId: string;
  subject: string;
  reason: string;
}

const roles = { askedBy: ['system-admin'], approvedBy: ['security-admin'] } as const;

/**
 * Whoever decides which provider is believed, and whose its accounts are, could come in as anybody. So one administrator
 * asks for it, and another one decides.
 */
@Injectable()
export class ProviderApprovals implements OnApplicationBootstrap {
  constructor(
    private readonly store: ProvidersStore,
    private readonly identities: Identities,
    private readonly approvals: Approvals,
    private readonly trail: AuditTrail,
  ) {}

  onApplicationBootstrap(): void {
    this.approvals.declare({
      ...{ operation: activation, ...roles },
      onDecision: (tx, approval) => this.activate(tx, approval),
    });
    this.approvals.declare({
      ...{ operation: linking, ...roles },
      onDecision: (tx, approval) => this.link(tx, approval),
    });
  }

  /** A repeat gets the same request. Throws `provider.not_found`, `provider.changed_meanwhile`, `client_id_reused`. */
  askActivation(
    by: AdministratorPrincipal,
    providerId: string,
    { clientId, version, reason }: { clientId: string; version: number; reason: string },
  ): Promise<{ approvalId: string }> {
    const once = { clientId, request: { providerId, version, reason } };
    return this.askOnce(by, { operation: activation, reason, once }, async () => {
      const provider = await this.store.find(providerId);
      if (!provider) throw new AppError('provider.not_found');
      if (provider.version !== version) throw new AppError('provider.changed_meanwhile');
      const { name, settings } = provider;
      const { issuer, match, saml } = settings;
      const trusted = match && { trusted: `${match.claim} = ${match.attribute}` };
      const signedBy = saml && {
        signInUrl: saml.signInUrl,
        certificates: fingerprintsOf(saml.certificates).join(', '),
      };
      return { providerId, version, provider: name, issuer, ...trusted, ...signedBy };
    });
  }

  /** A repeat gets the same request. Throws `person.not_found`, `provider.not_found`, `provider.identity_taken`, `client_id_reused`. */
  askLink(
    by: AdministratorPrincipal,
    personId: string,
    { clientId, reason, ...account }: LinkAsked,
  ): Promise<{ approvalId: string }> {
    const once = { clientId, request: { personId, ...account, reason } };
    return this.askOnce(by, { operation: linking, reason, once }, async () => {
      const { providerId, subject } = account;
      const person = await this.identities.requirePerson(personId);
      const provider = await this.store.find(providerId);
      if (!provider) throw new AppError('provider.not_found');
      const { issuer } = provider.settings;
      const known = await this.store.identity(issuer, subject);
      const ofPerson = await this.store.identitiesOf(personId);
      if (known || ofPerson.some((one) => one.issuer === issuer)) {
        throw new AppError('provider.identity_taken');
      }
      const { name } = provider;
      return { personId, person: person.displayName, providerId, provider: name, issuer, subject };
    });
  }

  private askOnce(
    by: AdministratorPrincipal,
    asked: { operation: string; reason: string; once: Once },
    subjectOf: () => Promise<Record<string, unknown>>,
  ): Promise<{ approvalId: string }> {
    return this.store.transaction(async (tx) => {
      const { operation, reason, once } = asked;
      const known = await this.approvals.askedBefore(tx, by, operation, once);
      if (known) return { approvalId: known.id };
      const subject = await subjectOf();
      const approval = await this.approvals.ask(tx, by, { ...asked, subject });
      await this.trail.record(tx, {
        action: `${operation}_asked`,
        by,
        object: { kind: 'approval', id: approval.id },
        details: { ...subject, reason },
      });
      return { approvalId: approval.id };
    });
  }

  /** A provider that was changed since it was asked for stays as it is: what was approved is gone. */
  private async activate(tx: Transaction, approval: ApprovalRow): Promise<void> {
    if (approval.state !== 'approved') return;
    await this.store.lock(tx);
    const { providerId, version } = approval.subject;
    const provider = (await this.store.allWithin(tx)).find(({ id }) => id === providerId);
    if (provider?.version !== version) return;
    await this.store.change(tx, provider!.id, { active: true });
    await this.approvals.use(tx, approval.id, activation);
  }

  private async link(tx: Transaction, approval: ApprovalRow): Promise<void> {
    if (approval.state !== 'approved') return;
    const { issuer, subject, personId, providerId } = approval.subject;
    const linked = await this.store.link(tx, {
      issuer: String(issuer),
      subject: String(subject),
      personId: String(personId),
      providerId: String(providerId),
      linkedBy: 'administrator',
    });
    // Where it was linked meanwhile, by whatever way, it stays so.
    if (linked) await this.approvals.use(tx, approval.id, linking);
  }
}
