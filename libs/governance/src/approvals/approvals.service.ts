import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import { newId, type Page } from '#contracts';
import { decodeCursor, toPage, type Transaction } from '#persistence';
import { AppError, canonicalJson, type AdministratorPrincipal } from '#platform';
import type { ApprovalRow } from './approval.entity.js';
import {
  approvalDays,
  concerns,
  isOwn,
  requireDecidable,
  stateOf,
  type ApprovalState,
  type Decider,
} from './approval.js';
import { ApprovalsStore } from './approvals.store.js';
import { requireSound, type Operation } from './operation.js';

export interface Asked {
  operation: string;
  /** What exactly is asked, for the one who decides: names and numbers, never what people write. */
  subject: Record<string, unknown>;
  reason: string;
  once?: Once;
}

/** A request of a client that may be repeated, as it came. */
export interface Once {
  clientId: string;
  request: Record<string, unknown>;
}

export interface Decision {
  approvalId: string;
  clientId: string;
  approve: boolean;
  note?: string;
}

/** The person of the directory behind an administrator's account, where there is one. */
export type PersonOf = (administratorId: string) => Promise<string | null>;

/** A request, and whether whoever asks for it may decide on it. */
export interface Seen {
  approval: ApprovalRow;
  mayDecide: boolean;
}

const dayMs = 86_400_000;

/**
 * Requests that a second person decides: asked, then approved or refused once, or left to expire; an approval is used
 * once. The libraries that own the operations declare them when they start.
 */
@Injectable()
export class Approvals {
  private readonly operations = new Map<string, Operation>();
  private personOf: PersonOf = () => Promise.resolve(null);

  constructor(
    private readonly store: ApprovalsStore,
    private readonly trail: AuditTrail,
  ) {}

  /** The library that owns an operation says who asks, who decides, and what follows. */
  declare(operation: Operation): void {
    requireSound(operation);
    this.operations.set(operation.operation, operation);
  }

  /** The library that owns the accounts says whose they are. */
  identifyBy(personOf: PersonOf): void {
    this.personOf = personOf;
  }

  /** Requests that concern the role of the caller, latest first. */
  async list(
    by: AdministratorPrincipal,
    query: { state?: ApprovalState; cursor?: string; limit: number },
  ): Promise<Page<Seen>> {
    const [askedAt, id] = decodeCursor(query.cursor, 2) ?? [];
    const concerned = [...this.operations.values()].filter((operation) => concerns(operation, by.role));
    const decider = { by, personId: await this.personOf(by.id) };
    const rows = await this.store.list({
      operations: concerned.map(({ operation }) => operation),
      state: query.state,
      limit: query.limit + 1,
      ...(askedAt !== undefined && { before: { askedAt: new Date(askedAt), id: String(id) } }),
    });
    return toPage(
      rows,
      query.limit,
      (row) => [row.askedAt.toISOString(), row.id],
      (row) => this.see(row, decider),
    );
  }

  /** What the same request has led to before. Throws `client_id_reused` where it was another one. */
  async askedBefore(
    tx: Transaction,
    by: AdministratorPrincipal,
    operation: string,
    { clientId, request }: Once,
  ): Promise<ApprovalRow | null> {
    const known = await this.store.asked(tx, by.id, clientId);
    if (!known) return null;
    const isSame = known.operation === operation && known.askedRequest === canonicalJson(request);
    if (!isSame) throw new AppError('client_id_reused');
    return known;
  }

  /** Throws `access.forbidden` where the role of the asker may not ask for this. */
  async ask(
    tx: Transaction,
    by: AdministratorPrincipal,
    { once, ...asked }: Asked,
    now = new Date(),
  ): Promise<ApprovalRow> {
    if (!this.operation(asked.operation).askedBy.includes(by.role)) throw new AppError('access.forbidden');
    const approval: ApprovalRow = {
      id: newId(),
      ...asked,
      state: 'asked',
      askedBy: by.id,
      askedByName: by.name,
      askedByRole: by.role,
      askedByPerson: await this.personOf(by.id),
      askedAt: now,
      askedClientId: once?.clientId ?? null,
      askedRequest: once ? canonicalJson(once.request) : null,
      expiresAt: new Date(now.getTime() + approvalDays * dayMs),
      decidedBy: null,
      decidedByName: null,
      decidedByRole: null,
      decidedByPerson: null,
      decidedAt: null,
      decisionClientId: null,
      note: null,
      usableUntil: null,
      usedAt: null,
    };
    await this.store.insert(tx, approval);
    return approval;
  }

  /**
   * Throws `approval.not_found`, `access.forbidden`, `approval.own_request`, `approval.decided`. A repeat gets the
   * first outcome.
   */
  async decide(by: AdministratorPrincipal, decision: Decision): Promise<Seen> {
    const decider = { by, personId: await this.personOf(by.id) };
    return this.store.transaction(async (tx) => {
      const approval = await this.store.find(tx, decision.approvalId);
      const operation = approval && this.operations.get(approval.operation);
      if (!operation || !concerns(operation, by.role)) throw new AppError('approval.not_found');
      if (approval.decidedBy === by.id && approval.decisionClientId === decision.clientId) {
        return this.see(approval, decider);
      }
      requireDecidable(approval, operation, decider, new Date());
      const decided = decidedBy(approval, operation, decider, decision);
      await this.store.decide(tx, decided);
      await operation.onDecision?.(tx, decided);
      await this.trail.record(tx, {
        action: decision.approve ? 'approval.approved' : 'approval.refused',
        by,
        object: { kind: 'approval', id: approval.id },
        details: { operation: approval.operation, note: decided.note },
      });
      // What follows may have used the approval.
      return this.see((await this.store.find(tx, approval.id)) ?? decided, decider);
    });
  }

  /**
   * Takes an approval for what runs in this transaction; nobody can take it again. Throws `approval.not_approved` with
   * the state it is in, also when it is of another operation.
   */
  async use(tx: Transaction, approvalId: string, operation: string, now = new Date()): Promise<ApprovalRow> {
    const approval = await this.store.find(tx, approvalId);
    const isOfThis = approval?.operation === operation;
    const state = isOfThis ? stateOf(approval, now) : 'none';
    if (!isOfThis || state !== 'approved')
      throw new AppError('approval.not_approved', { details: { state } });
    await this.store.use(tx, approvalId, now);
    return { ...approval, state: 'used', usedAt: now };
  }

  /** The request as it stands in this transaction, locked until its end. */
  find(tx: Transaction, approvalId: string): Promise<ApprovalRow | null> {
    return this.store.find(tx, approvalId);
  }

  private see(approval: ApprovalRow, decider: Decider): Seen {
    const mayDecide =
      this.operation(approval.operation).approvedBy.includes(decider.by.role) &&
      !isOwn(approval, decider) &&
      stateOf(approval, new Date()) === 'asked';
    return { approval, mayDecide };
  }

  private operation(name: string): Operation {
    const operation = this.operations.get(name);
    if (!operation) throw new Error(`no library has declared the operation ${name}`);
    return operation;
  }
}

function decidedBy(
  approval: ApprovalRow,
  { usableMs }: Operation,
  { by, personId }: Decider,
  { approve, clientId, note }: Decision,
): ApprovalRow {
  const now = new Date();
  return {
    ...approval,
    state: approve ? 'approved' : 'refused',
    decidedBy: by.id,
    decidedByName: by.name,
    decidedByRole: by.role,
    decidedByPerson: personId,
    decidedAt: now,
    decisionClientId: clientId,
    note: note ?? null,
    usableUntil: approve && usableMs !== undefined ? new Date(now.getTime() + usableMs) : null,
  };
}
