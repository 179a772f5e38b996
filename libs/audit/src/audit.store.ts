import { Injectable } from '@nestjs/common';
import { Database, takePositions, type Transaction } from '#persistence';
import { EntryRow } from './entry.entity.js';

export type NewEntry = Omit<EntryRow, 'pos' | 'at'>;

export interface TrailFilter {
  action?: string;
  actorId?: string;
  objectId?: string;
  from?: string;
  to?: string;
  /** Only entries before this one. */
  before?: number;
  limit: number;
}

@Injectable()
export class AuditStore {
  constructor(private readonly database: Database) {}

  /** Adds entries in their order. The head of the trail is locked until the transaction ends. */
  async append(tx: Transaction, entries: readonly NewEntry[]): Promise<void> {
    const { first, headAt } = await takePositions(tx, 'audit', entries.length);
    const at = new Date(headAt);
    await tx
      .repository(EntryRow)
      .insert(entries.map((entry, i) => ({ ...entry, pos: first + i, at }) as never));
  }

  appendAlone(entries: readonly NewEntry[]): Promise<void> {
    return this.database.transaction((tx) => this.append(tx, entries));
  }

  /** Latest first. */
  async list(filter: TrailFilter): Promise<EntryRow[]> {
    const query = this.database
      .repository(EntryRow)
      .createQueryBuilder('entry')
      .orderBy('entry.pos', 'DESC')
      .limit(filter.limit);
    if (filter.before !== undefined) query.andWhere('entry.pos < :before', { before: filter.before });
    if (filter.action) query.andWhere('entry.action = :action', { action: filter.action });
    if (filter.actorId) query.andWhere('entry.actorId = :actorId', { actorId: filter.actorId });
    if (filter.objectId) query.andWhere('entry.objectId = :objectId', { objectId: filter.objectId });
    if (filter.from) query.andWhere('entry.at >= :from', { from: filter.from });
    if (filter.to) query.andWhere('entry.at < :to', { to: filter.to });
    return query.getMany();
  }
}
