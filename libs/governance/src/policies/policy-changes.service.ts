import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AuditTrail } from '#audit';
import { newId } from '#contracts';
import { Hints, type Transaction } from '#persistence';
import { AppError, canonicalJson, parseStrictly, type AdministratorPrincipal } from '#platform';
import type { ApprovalRow } from '../approvals/approval.entity.js';
import { stateOf } from '../approvals/approval.js';
import { Approvals } from '../approvals/approvals.service.js';
import { Policies } from './policies.service.js';
import { PoliciesStore } from './policies.store.js';
import type { PolicyVersionRow } from './policy-version.entity.js';
import type { Policy, Scope } from './policy.js';

export interface Change {
  name: string;
  scope: Scope;
  value: object | null;
}

export interface ChangeRequest extends Change {
  clientId: string;
  baseVersion: number;
  reason: string;
}

/** Departments, conversations and people one policy may be decided for; all of it is in the memory of every process. */
const scopesMost = 5000;

/** The request of a change to a policy, as approvals know it. */
export const operationOf = (name: string): string => `policy.${name}`;

/** Changing what is decided: at once, later, or once a second person agrees. Every version stays. */
@Injectable()
export class PolicyChanges implements OnApplicationBootstrap {
  constructor(
    private readonly store: PoliciesStore,
    private readonly policies: Policies,
    private readonly approvals: Approvals,
    private readonly trail: AuditTrail,
    private readonly hints: Hints,
  ) {}

  onApplicationBootstrap(): void {
    for (const { name, changedBy, approvedBy } of this.policies.declared.values()) {
      if (!approvedBy) continue;
      this.approvals.declare({
        operation: operationOf(name),
        askedBy: changedBy,
        approvedBy,
        onDecision: (tx, approval) => this.followDecision(tx, approval),
      });
    }
  }

  /** Throws `policy.not_found`, `policy.scope_not_found`, `request.malformed`. */
  async preview({ name, scope, value }: Change): Promise<number> {
    const policy = this.policy(name);
    const read = valueOf(policy, value);
    await this.requireScope(policy, scope);
    return policy.preview ? policy.preview(scope, read) : this.policies.places.peopleIn(scope);
  }

  /** Throws the refusals of `changePolicy` in the contract. A repeat gets the first outcome. */
  async change(by: AdministratorPrincipal, request: ChangeRequest): Promise<PolicyVersionRow> {
    const policy = this.policy(request.name);
    if (!policy.changedBy.includes(by.role)) throw new AppError('access.forbidden');
    const value = valueOf(policy, request.value);
    const scopeName = await this.requireScope(policy, request.scope);
    const peopleCount = await this.preview(request);
    return this.store.transaction(async (tx) => {
      await this.store.lock(tx, policy.name);
      const known = await this.store.byClientId(tx, by.id, request.clientId);
      if (known) return repeatOf(known, request);
      const { version, before } = await this.requireChangeable(tx, request);
      const row = newVersion(by, { ...request, value }, { scopeName, peopleCount, version, before });
      if (policy.approvedBy) return this.ask(tx, by, row);
      await this.store.insert(tx, row);
      return this.set(tx, policy, row, by);
    });
  }

  policy(name: string): Policy {
    const policy = this.policies.declared.get(name);
    if (!policy) throw new AppError('policy.not_found');
    return policy;
  }

  private async requireScope({ scopes }: Policy, scope: Scope): Promise<string | null> {
    if (scope.kind === 'installation') return null;
    const name = scopes.includes(scope.kind) ? await this.policies.places.nameOf(scope) : null;
    if (name === null) throw new AppError('policy.scope_not_found');
    return name;
  }

  private async requireChangeable(tx: Transaction, { name, scope, baseVersion }: ChangeRequest) {
    const { version, set, waiting } = await this.store.latest(tx, name, scope);
    if (waiting) {
      const approval = await this.approvals.find(tx, waiting.approvalId!);
      const state = approval && stateOf(approval, new Date());
      if (state === 'asked') throw new AppError('policy.change_waiting');
      // Decided while this one waited for its turn.
      if (state !== 'expired') throw new AppError('policy.changed_meanwhile', { details: { version } });
      await this.store.end(tx, waiting.id, 'expired', null);
    }
    const stands = set?.version ?? 0;
    if (stands !== baseVersion) {
      throw new AppError('policy.changed_meanwhile', { details: { version: stands } });
    }
    if (version === 0 && (await this.store.countScopes(tx, name)) >= scopesMost) {
      throw new AppError('policy.too_many_scopes', { details: { most: scopesMost } });
    }
    return { version: version + 1, before: set?.value ?? null };
  }

  private async ask(tx: Transaction, by: AdministratorPrincipal, row: PolicyVersionRow) {
    const { name, scopeKind, scopeId, scopeName, before, value, peopleCount, reason } = row;
    const subject = { policy: name, scope: { kind: scopeKind, id: scopeId }, scopeName, before, value };
    const asked = { operation: operationOf(name), subject: { ...subject, people: peopleCount }, reason };
    const approval = await this.approvals.ask(tx, by, asked);
    const waiting: PolicyVersionRow = { ...row, state: 'asked', approvalId: approval.id };
    await this.store.insert(tx, waiting);
    await this.record(tx, 'policy.asked', waiting, by);
    return waiting;
  }

  private async set(
    tx: Transaction,
    { delayMs }: Policy,
    row: PolicyVersionRow,
    by: AdministratorPrincipal | undefined,
  ): Promise<PolicyVersionRow> {
    const effectiveAt = new Date(Date.now() + delayMs);
    const { decidedByName } = row;
    const pos = await this.store.set(tx, row.id, { decidedByName, effectiveAt });
    const set: PolicyVersionRow = { ...row, state: 'set', effectiveAt, pos };
    // With an approval the entry of the decision tells of it.
    if (by) await this.record(tx, 'policy.changed', set, by);
    tx.afterCommit(() => this.hints.publish('policies', ''));
    return set;
  }

  private record(tx: Transaction, action: string, row: PolicyVersionRow, by: AdministratorPrincipal) {
    const { name, version, scopeKind, scopeId, before, value, reason, effectiveAt, approvalId } = row;
    return this.trail.record(tx, {
      action,
      by,
      object: { kind: 'policy', id: name },
      details: {
        version,
        scopeKind,
        scopeId,
        before,
        value,
        reason,
        ...(effectiveAt && { effectiveAt: effectiveAt.toISOString() }),
        ...(approvalId && { approvalId }),
      },
    });
  }

  /** In the transaction of the decision. */
  private async followDecision(tx: Transaction, approval: ApprovalRow): Promise<void> {
    const waiting = await this.store.byApproval(tx, approval.id);
    if (approval.state !== 'approved') {
      await this.store.end(tx, waiting.id, 'refused', approval.decidedByName);
      return;
    }
    const decided = { ...waiting, decidedByName: approval.decidedByName };
    await this.set(tx, this.policy(waiting.name), decided, undefined);
    await this.approvals.use(tx, approval.id, approval.operation);
  }
}

/** By the schema of the policy; throws `request.malformed`. */
const valueOf = ({ schema }: Policy, value: object | null): object | null =>
  value === null ? null : parseStrictly(schema, value);

function repeatOf(known: PolicyVersionRow, { name, scope, value, reason }: ChangeRequest): PolicyVersionRow {
  const same =
    canonicalJson([known.name, known.scopeKind, known.scopeId, known.value, known.reason]) ===
    canonicalJson([name, scope.kind, scope.id, value, reason]);
  if (!same) throw new AppError('client_id_reused');
  return known;
}

function newVersion(
  by: AdministratorPrincipal,
  { name, scope, value, reason, clientId }: ChangeRequest,
  found: Pick<PolicyVersionRow, 'scopeName' | 'peopleCount' | 'version' | 'before'>,
): PolicyVersionRow {
  return {
    id: newId(),
    name,
    scopeKind: scope.kind,
    scopeId: scope.id,
    ...found,
    // Until it is set or waits for a decision, within the same transaction.
    state: 'expired',
    value,
    reason,
    changedBy: by.id,
    changedByName: by.name,
    changedByRole: by.role,
    changedAt: new Date(),
    clientId,
    approvalId: null,
    decidedByName: null,
    effectiveAt: null,
    pos: null,
  };
}
