import { Injectable } from '@nestjs/common';
import { Database, takePositions, type Transaction } from '#persistence';
import { SessionRow, type EndReason } from './session.entity.js';

export interface EndedSession {
  pos: number;
  id: string;
  accountId: string;
  reason: EndReason;
}

@Injectable()
export class SessionsStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  insert(tx: Transaction, sessions: SessionRow[]): Promise<void> {
    return tx.insert(SessionRow, sessions);
  }

  /** Those of the sessions that have not ended or run out. */
  findLive(ids: readonly string[]): Promise<SessionRow[]> {
    return this.database
      .repository(SessionRow)
      .createQueryBuilder('session')
      .where('session.id = any(:ids) and session.endedAt is null and session.expiresAt > now()', { ids })
      .getMany();
  }

  async liveIds(ids: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      'select id from access.session where id = any($1::uuid[]) and ended_at is null and expires_at > now()',
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  /** Locked until the transaction ends, so that two refreshes with one token take turns. */
  findForRefresh(tx: Transaction, id: string): Promise<SessionRow | null> {
    return tx.repository(SessionRow).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async rotate(
    tx: Transaction,
    id: string,
    next: Pick<SessionRow, 'refreshHash' | 'previousHash' | 'expiresAt'>,
  ) {
    const now = new Date();
    await tx.repository(SessionRow).update({ id }, { ...next, rotatedAt: now, usedAt: now });
  }

  /** Ends the live ones among these sessions. @returns the ended ones, in the order of the log */
  async end(
    tx: Transaction,
    which: { ids: string[] } | { accountIds: string[] },
    reason: EndReason,
  ): Promise<EndedSession[]> {
    const [column, values] = 'ids' in which ? ['id', which.ids] : ['account_id', which.accountIds];
    const live = await tx.query<{ id: string; accountId: string }>(
      `select id, account_id as "accountId" from access.session
        where ${column} = any($1::uuid[]) and ended_at is null order by id for no key update`,
      [values],
    );
    if (live.length === 0) return [];
    const { first } = await takePositions(tx, 'messages', live.length);
    await tx.query(
      `update access.session s set ended_at = now(), end_reason = $2, end_pos = $3 + ended.place - 1
         from unnest($1::uuid[]) with ordinality as ended (id, place) where s.id = ended.id`,
      [live.map(({ id }) => id), reason, first],
    );
    return live.map(({ id, accountId }, i) => ({ pos: first + i, id, accountId, reason }));
  }

  /** Sessions that ended after a position of the log, in order. */
  endedAfter(pos: number, limit: number): Promise<EndedSession[]> {
    return this.database.query<EndedSession>(
      `select end_pos as pos, id, account_id as "accountId", end_reason as reason from access.session
        where end_pos > $1 order by end_pos limit $2`,
      [pos, limit],
    );
  }

  /** Tokens of a bot, latest first. */
  ofBot(botId: string, beforeId: string | undefined, limit: number): Promise<SessionRow[]> {
    const query = this.database
      .repository(SessionRow)
      .createQueryBuilder('session')
      .where(`session.accountKind = 'bot' and session.accountId = :botId`, { botId })
      .orderBy('session.id', 'DESC')
      .limit(limit);
    if (beforeId !== undefined) query.andWhere('session.id < :beforeId', { beforeId });
    return query.getMany();
  }

  byClientId(accountId: string, clientId: string): Promise<SessionRow | null> {
    return this.database.repository(SessionRow).findOneBy({ accountId, clientId });
  }

  async countLive(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      'select count(*) from access.session where ended_at is null and expires_at > now()',
    );
    return row!.count;
  }
}
