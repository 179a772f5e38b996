import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import { newId, type Page } from '#contracts';
import { decodeCursor, toPage, type Transaction } from '#persistence';
import { AppError, type AdministratorPrincipal } from '#platform';
import type { ApprovalRow } from './approval.entity.js';
import { approvalDays, requireDecidable, type ApprovalState } from './approval.js';
import { ApprovalsStore } from './approvals.store.js';

export interface Asked {
  operation: ApprovalRow['operation'];
  subject: Record<string, unknown>;
  reason: string;
}

export interface Decision {
  approvalId: string;
  clientId: string;
  approve: boolean;
  note?: string;
}

/** What the owner of an operation does in the transaction that decides on it. */
export type OnDecision = (tx: Transaction, approval: ApprovalRow) => Promise<void>;

const dayMs = 86_400_000;

/** Requests that a second person decides: asked, then approved or refused once, or left to expire. */
@Injectable()
export class Approvals {
  private readonly onDecision = new Map<ApprovalRow['operation'], OnDecision>();

  constructor(
    private readonly store: ApprovalsStore,
    private readonly trail: AuditTrail,
  ) {}

  /** The library that owns an operation says what follows from a decision on it. */
  decidedBy(operation: ApprovalRow['operation'], follow: OnDecision): void {
    this.onDecision.set(operation, follow);
  }

  /** Latest first. */
  async list(query: { state?: ApprovalState; cursor?: string; limit: number }): Promise<Page<ApprovalRow>> {
    const [askedAt, id] = decodeCursor(query.cursor, 2) ?? [];
    const rows = await this.store.list({
      state: query.state,
      limit: query.limit + 1,
      ...(askedAt !== undefined && { before: { askedAt: new Date(askedAt), id: String(id) } }),
    });
    return toPage(
      rows,
      query.limit,
      (row) => [row.askedAt.toISOString(), row.id],
      (row) => row,
    );
  }

  async ask(
    tx: Transaction,
    by: AdministratorPrincipal,
    asked: Asked,
    now = new Date(),
  ): Promise<ApprovalRow> {
    const approval: ApprovalRow = {
      id: newId(),
      ...asked,
      state: 'asked',
      askedBy: by.id,
      askedByName: by.name,
      askedAt: now,
      expiresAt: new Date(now.getTime() + approvalDays * dayMs),
      decidedBy: null,
      decidedByName: null,
      decidedAt: null,
      decisionClientId: null,
      note: null,
    };
    await this.store.insert(tx, approval);
    return approval;
  }

  /** Throws `approval.not_found`, `approval.own_request`, `approval.decided`. A repeat gets the first outcome. */
  decide(by: AdministratorPrincipal, decision: Decision): Promise<ApprovalRow> {
    return this.store.transaction(async (tx) => {
      const approval = await this.store.find(tx, decision.approvalId);
      if (!approval) throw new AppError('approval.not_found');
      if (approval.decidedBy === by.id && approval.decisionClientId === decision.clientId) return approval;
      requireDecidable(approval, by, new Date());
      const decided: ApprovalRow = {
        ...approval,
        state: decision.approve ? 'approved' : 'refused',
        decidedBy: by.id,
        decidedByName: by.name,
        decidedAt: new Date(),
        decisionClientId: decision.clientId,
        note: decision.note ?? null,
      };
      await this.store.decide(tx, decided);
      await this.onDecision.get(approval.operation)?.(tx, decided);
      await this.trail.record(tx, {
        action: `approval.${decided.state}`,
        by,
        object: { kind: 'approval', id: approval.id },
        details: { operation: approval.operation, note: decided.note },
      });
      return decided;
    });
  }
}
