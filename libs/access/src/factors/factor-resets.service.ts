import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AuditTrail } from '#audit';
import type { Factor, Page } from '#contracts';
import { People } from '#directory';
import { Approvals, type ApprovalRow } from '#governance';
import type { Transaction } from '#persistence';
import { AppError, type AdministratorPrincipal } from '#platform';
import { Administrators } from '../administrators/administrators.service.js';
import { Sessions } from '../sessions/sessions.service.js';
import { presentFactor } from './factor.js';
import { FactorsStore } from './factors.store.js';

export const resetOperation = {
  operation: 'second_factor.reset',
  askedBy: ['system-admin', 'security-admin'],
  approvedBy: ['system-admin', 'security-admin'],
} as const;

/** Removing what somebody has lost: asked by one administrator, decided by another. */
@Injectable()
export class FactorResets implements OnApplicationBootstrap {
  constructor(
    private readonly store: FactorsStore,
    private readonly approvals: Approvals,
    private readonly sessions: Sessions,
    private readonly people: People,
    private readonly administrators: Administrators,
    private readonly trail: AuditTrail,
  ) {}

  onApplicationBootstrap(): void {
    this.approvals.declare({
      ...resetOperation,
      onDecision: (tx, approval) => this.followDecision(tx, approval),
    });
  }

  async list(accountId: string): Promise<Page<Factor>> {
    return { items: (await this.store.of(accountId)).map(presentFactor), nextCursor: null };
  }

  /** A repeat gets the same request. Throws `factor.not_found` for an account without factors, `client_id_reused`. */
  async ask(
    by: AdministratorPrincipal,
    accountId: string,
    { clientId, reason }: { clientId: string; reason: string },
  ): Promise<{ approvalId: string }> {
    const once = { clientId, request: { accountId, reason } };
    return this.store.transaction(async (tx) => {
      const known = await this.approvals.askedBefore(tx, by, resetOperation.operation, once);
      if (known) return { approvalId: known.id };
      const factors = await this.store.of(accountId);
      if (factors.length === 0) throw new AppError('factor.not_found');
      const name = await this.nameOf(accountId);
      const subject = { accountId, account: name, factors: factors.map((factor) => factor.name) };
      const approval = await this.approvals.ask(tx, by, {
        operation: resetOperation.operation,
        subject,
        reason,
        once,
      });
      await this.trail.record(tx, {
        action: 'factor.reset_asked',
        by,
        object: { kind: 'account', id: accountId },
        details: { approvalId: approval.id, reason },
      });
      return { approvalId: approval.id };
    });
  }

  private async nameOf(accountId: string): Promise<string | null> {
    const [person] = await this.people.summaries('system', [accountId]);
    return person?.displayName ?? (await this.administrators.nameOf(accountId));
  }

  /** In the transaction of the decision: the factors go, and every session with them. */
  private async followDecision(tx: Transaction, approval: ApprovalRow): Promise<void> {
    if (approval.state !== 'approved') return;
    const accountId = String(approval.subject['accountId']);
    await this.store.lock(tx, accountId);
    await this.store.removeAll(tx, accountId);
    await this.sessions.endWithin(tx, { accountIds: [accountId] }, 'revoked');
    await this.approvals.use(tx, approval.id, approval.operation);
  }
}
