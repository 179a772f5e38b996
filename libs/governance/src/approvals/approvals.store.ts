import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#persistence';
import { ApprovalRow } from './approval.entity.js';
import type { ApprovalState } from './approval.js';

export interface ApprovalFilter {
  /** Only requests of these. */
  operations: string[];
  state?: ApprovalState;
  /** Only requests asked before this one. */
  before?: { askedAt: Date; id: string };
  limit: number;
}

/** As `stateOf` says it. */
const conditions: Record<ApprovalState, string> = {
  asked: `approval.state = 'asked' and approval.expiresAt > now()`,
  approved: `approval.state = 'approved' and coalesce(approval.usableUntil > now(), true)`,
  refused: `approval.state = 'refused'`,
  expired: `(approval.state = 'asked' and approval.expiresAt <= now()
             or approval.state = 'approved' and approval.usableUntil <= now())`,
  used: `approval.state = 'used'`,
};

@Injectable()
export class ApprovalsStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  insert(tx: Transaction, approval: ApprovalRow): Promise<void> {
    return tx.insert(ApprovalRow, approval);
  }

  /** What a client's id was used for; whoever uses it at this moment waits for the end of the transaction. */
  async asked(tx: Transaction, askedBy: string, askedClientId: string): Promise<ApprovalRow | null> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('chancery approval ' || $1, 0))`, [
      `${askedBy} ${askedClientId}`,
    ]);
    return tx.repository(ApprovalRow).findOneBy({ askedBy, askedClientId });
  }

  /** Locked until the transaction ends, so that two deciders take turns. */
  find(tx: Transaction, id: string): Promise<ApprovalRow | null> {
    return tx.repository(ApprovalRow).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async decide(tx: Transaction, { id, ...approval }: ApprovalRow): Promise<void> {
    const { state, decidedBy, decidedByName, decidedByRole, decidedByPerson, decidedAt } = approval;
    const { decisionClientId, note, usableUntil } = approval;
    const by = { decidedBy, decidedByName, decidedByRole, decidedByPerson, decidedAt };
    await tx.repository(ApprovalRow).update({ id }, { state, ...by, decisionClientId, note, usableUntil });
  }

  async use(tx: Transaction, id: string, usedAt: Date): Promise<void> {
    await tx.repository(ApprovalRow).update({ id, state: 'approved' }, { state: 'used', usedAt });
  }

  /** Latest first. */
  list({ operations, state, before, limit }: ApprovalFilter): Promise<ApprovalRow[]> {
    const query = this.database
      .repository(ApprovalRow)
      .createQueryBuilder('approval')
      .where('approval.operation = any(:operations)', { operations })
      .orderBy('approval.askedAt', 'DESC')
      .addOrderBy('approval.id', 'DESC')
      .limit(limit);
    if (state) query.andWhere(conditions[state]);
    if (before) query.andWhere('(approval.askedAt, approval.id) < (:askedAt, :id)', before);
    return query.getMany();
  }
}
