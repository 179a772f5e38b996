import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Page, Policy as PolicyAnswer, PolicyEffect, PolicyVersion } from '#contracts';
import { decodeCursor, toPage } from '#persistence';
import { AppError } from '#platform';
import { Policies } from './policies.service.js';
import { PoliciesStore } from './policies.store.js';
import { PolicyChanges } from './policy-changes.service.js';
import { presentVersion } from './policy-version.js';
import type { Policy, Step } from './policy.js';

type Value = Record<string, unknown>;

/** Policies as administrators see them. */
@Injectable()
export class PolicyViews {
  constructor(
    private readonly store: PoliciesStore,
    private readonly policies: Policies,
    private readonly changes: PolicyChanges,
  ) {}

  async all(): Promise<PolicyAnswer[]> {
    const declared = [...this.policies.declared.values()];
    return Promise.all(
      declared.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((policy) => this.describe(policy)),
    );
  }

  /** Latest first. Throws `policy.not_found`. */
  async versions(name: string, cursor: string | undefined, limit: number): Promise<Page<PolicyVersion>> {
    this.changes.policy(name);
    const [changedAt, id] = decodeCursor(cursor, 2) ?? [];
    const rows = await this.store.versions({
      name,
      limit: limit + 1,
      ...(changedAt !== undefined && { before: { changedAt: new Date(changedAt), id: String(id) } }),
    });
    return toPage(rows, limit, (row) => [row.changedAt.toISOString(), row.id], presentVersion);
  }

  /** Throws `policy.not_found`, `person.not_found`. */
  async effect(name: string, personId: string): Promise<PolicyEffect> {
    const policy = this.changes.policy(name);
    const found = await this.policies.places.nameOf({ kind: 'person', id: personId });
    if (found === null) throw new AppError('person.not_found');
    const subject = await this.policies.subject({ personId });
    const { winner, steps } = this.policies.decideNow(name, subject);
    const possible = steps.filter(
      ({ scope }) => policy.scopes.includes(scope.kind) || scope.kind === 'installation',
    );
    const named = possible.map(async ({ scope, document }: Step) => ({
      scope,
      scopeName: scope.kind === 'installation' ? null : await this.policies.places.nameOf(scope),
      version: document?.version ?? 0,
      value: (document?.value ?? null) as Value | null,
      decides: document !== undefined && document === winner,
    }));
    return {
      value: (winner?.value ?? policy.fallback) as Value,
      scope: winner?.scope ?? null,
      version: winner?.version ?? 0,
      steps: await Promise.all(named),
    };
  }

  private async describe(policy: Policy): Promise<PolicyAnswer> {
    const { winner } = this.policies.decideNow(policy.name, {});
    const [latest] = await this.store.versions({ name: policy.name, limit: 1 });
    return {
      name: policy.name,
      scopes: ['installation', ...policy.scopes.filter((kind) => kind !== 'installation')],
      changedBy: [...policy.changedBy],
      approvedBy: [...(policy.approvedBy ?? [])],
      delayMs: policy.delayMs,
      schema: z.toJSONSchema(policy.schema, { io: 'input' }) as Value,
      fallback: policy.fallback as Value,
      value: (winner?.value ?? policy.fallback) as Value,
      version: winner?.version ?? 0,
      exceptions: this.policies.exceptions(policy.name),
      latest: latest ? presentVersion(latest) : null,
    };
  }
}
