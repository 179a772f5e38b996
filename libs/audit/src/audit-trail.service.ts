import { Injectable } from '@nestjs/common';
import type { Page } from '#contracts';
import { decodeCursor, toPage, type Transaction } from '#persistence';
import type { Principal } from '#platform';
import { AuditStore, type NewEntry } from './audit.store.js';
import type { EntryRow } from './entry.entity.js';

/** What a library reports. */
export interface Act {
  /** `object.verb`, such as `export.approved`. */
  action: string;
  outcome?: 'done' | 'denied' | 'failed';
  /** Who; absent for the system itself. */
  by?: Principal | { anonymous: true; name?: string; address: string | null };
  object?: { kind: string; id: string };
  /** What the action adds. Never what people write, never a secret. */
  details?: Record<string, unknown>;
}

export interface TrailQuery {
  action?: string;
  actorId?: string;
  from?: string;
  to?: string;
  cursor?: string;
  limit: number;
}

/** The one way into the trail. An act and its entry are committed together or not at all. */
@Injectable()
export class AuditTrail {
  constructor(private readonly store: AuditStore) {}

  record(tx: Transaction, ...acts: Act[]): Promise<void> {
    return this.store.append(tx, acts.map(toEntry));
  }

  /** For acts that change no other row, such as a refused sign-in or a download. */
  recordAlone(...acts: Act[]): Promise<void> {
    return this.store.appendAlone(acts.map(toEntry));
  }

  /** Latest first. */
  async list({ cursor, limit, ...filter }: TrailQuery): Promise<Page<EntryRow>> {
    const [before] = decodeCursor(cursor, 1) ?? [];
    const rows = await this.store.list({
      ...filter,
      ...(before !== undefined && { before: Number(before) }),
      limit: limit + 1,
    });
    return toPage(
      rows,
      limit,
      (row) => [row.pos],
      (row) => row,
    );
  }
}

function toEntry(act: Act): NewEntry {
  return {
    action: act.action,
    outcome: act.outcome ?? 'done',
    ...actorOf(act.by),
    objectKind: act.object?.kind ?? null,
    objectId: act.object?.id ?? null,
    details: act.details ?? {},
  };
}

type Actor = Pick<NewEntry, 'actorKind' | 'actorId' | 'actorName' | 'role' | 'sessionId' | 'address'>;

function actorOf(by: Act['by']): Actor {
  if (!by)
    return {
      actorKind: 'system',
      actorId: null,
      actorName: null,
      role: null,
      sessionId: null,
      address: null,
    };
  if ('anonymous' in by) {
    const { name, address } = by;
    return {
      actorKind: 'anonymous',
      actorId: null,
      actorName: name ?? null,
      role: null,
      sessionId: null,
      address,
    };
  }
  return {
    actorKind: by.kind,
    actorId: by.id,
    actorName: by.name,
    role: by.kind === 'administrator' ? by.role : null,
    sessionId: by.sessionId,
    address: by.address,
  };
}
