import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#persistence';
import { ApprovalRow } from './approval.entity.js';
import type { ApprovalState } from './approval.js';

export interface ApprovalFilter {
  state?: ApprovalState;
  /** Only requests asked before this one. */
  before?: { askedAt: Date; id: string };
  limit: number;
}

@Injectable()
export class ApprovalsStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  insert(tx: Transaction, approval: ApprovalRow): Promise<void> {
    return tx.insert(ApprovalRow, approval);
  }

  /** Locked until the transaction ends, so that two deciders take turns. */
  find(tx: Transaction, id: string): Promise<ApprovalRow | null> {
    return tx.repository(ApprovalRow).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async decide(tx: Transaction, approval: ApprovalRow): Promise<void> {
    const { id, state, decidedBy, decidedByName, decidedAt, decisionClientId, note } = approval;
    const decision = { state, decidedBy, decidedByName, decidedAt, decisionClientId, note };
    await tx.repository(ApprovalRow).update({ id }, decision);
  }

  /** Latest first. */
  list(filter: ApprovalFilter): Promise<ApprovalRow[]> {
    const query = this.database
      .repository(ApprovalRow)
      .createQueryBuilder('approval')
      .orderBy('approval.askedAt', 'DESC')
      .addOrderBy('approval.id', 'DESC')
      .limit(filter.limit);
    if (filter.state === 'expired') {
      query.andWhere(`approval.state = 'asked' and approval.expiresAt <= now()`);
    } else if (filter.state === 'asked') {
      query.andWhere(`approval.state = 'asked' and approval.expiresAt > now()`);
    } else if (filter.state) {
      query.andWhere('approval.state = :state', { state: filter.state });
    }
    if (filter.before) {
      query.andWhere('(approval.askedAt, approval.id) < (:askedAt, :id)', filter.before);
    }
    return query.getMany();
  }
}
