import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import type { Page, VisibilityPreview, VisibilityRule, VisibilityVersion } from '#contracts';
import { decodeCursor, Hints, toPage } from '#persistence';
import { AppError, canonicalJson, type Principal } from '#platform';
import { PeopleStore } from '../people/people.store.js';
import { not } from './rule-sql.store.js';
import type { VisibilityVersionRow } from './visibility.entity.js';
import { VisibilityStore } from './visibility.store.js';
import { Views } from './views.service.js';

/** The message of the hint that says there are other rules. */
export const visibilityChanged = 'visibility';

interface Change {
  clientId: string;
  version: number;
  rules: VisibilityRule[];
  reason: string;
}

/** The rules of visibility as their administrator edits them. */
@Injectable()
export class VisibilityRules {
  constructor(
    private readonly store: VisibilityStore,
    private readonly views: Views,
    private readonly people: PeopleStore,
    private readonly trail: AuditTrail,
    private readonly hints: Hints,
  ) {}

  async current(): Promise<VisibilityVersion> {
    const row = await this.store.version();
    return row ? present(row) : { version: 0, rules: [], reason: '', changedBy: null, changedAt: null };
  }

  /** Latest first. */
  async list({ cursor, limit }: { cursor?: string; limit: number }): Promise<Page<VisibilityVersion>> {
    const [before] = decodeCursor(cursor, 1) ?? [];
    const rows = await this.store.versions(limit + 1, before === undefined ? undefined : Number(before));
    return toPage(rows, limit, ({ version }) => [version], present);
  }

  /** Throws `person.not_found`. */
  async preview(rules: VisibilityRule[], personId?: string): Promise<VisibilityPreview> {
    if (personId !== undefined && !(await this.people.find(personId))) throw new AppError('person.not_found');
    const effects: VisibilityPreview['effects'] = [];
    for (const rule of rules) effects.push(await this.store.effect(rule));
    const seen = async (by: readonly VisibilityRule[]) => {
      if (personId === undefined) return null;
      const { hidden } = await this.views.under(personId, by);
      return this.store.count(hidden && not(hidden));
    };
    const { rules: now } = await this.current();
    return {
      effects,
      people: await this.store.count(),
      seenNow: await seen(now),
      seenThen: await seen(rules),
    };
  }

  /** Throws `visibility.changed` when another version than the edited one holds, and `client_id_reused`. */
  async change(by: Principal, { clientId, version, rules, reason }: Change): Promise<VisibilityVersion> {
    return this.store.transaction(async (tx) => {
      const latest = await this.store.lockLatest(tx);
      const made = await this.store.made(tx, by.id, clientId);
      if (made) {
        const isSame = made.reason === reason && canonicalJson(made.rules) === canonicalJson(rules);
        if (!isSame) throw new AppError('client_id_reused');
        return present(made);
      }
      if (latest !== version) throw new AppError('visibility.changed');
      const row = { version: latest + 1, rules, reason, clientId, changedById: by.id, changedBy: by.name };
      await this.store.add(tx, row);
      await this.trail.record(tx, {
        action: 'visibility.changed',
        by,
        object: { kind: 'visibility', id: String(row.version) },
        details: { reason, rules: rules.map(({ name, effect }) => ({ name, effect })) },
      });
      tx.afterCommit(() => this.hints.publish('directory', visibilityChanged));
      return present({ ...row, changedAt: new Date() });
    });
  }
}

const present = ({
  version,
  rules,
  reason,
  changedBy,
  changedAt,
}: Omit<VisibilityVersionRow, 'clientId' | 'changedById'>): VisibilityVersion => ({
  version,
  rules,
  reason,
  changedBy,
  changedAt: changedAt.toISOString(),
});
