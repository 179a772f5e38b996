import { Injectable } from '@nestjs/common';
import { Database, takePositions, type Transaction } from '#persistence';
import { SessionRow, type EndReason } from './session.entity.js';

/** Which sessions end: these, or all of some accounts, perhaps but one. */
export type Ending = { ids: string[] } | { accountIds: string[]; except?: string };

/** Where a look through all sessions stands. */
export type LiveMark = Pick<SessionRow, 'accountId' | 'id'>;

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

  async hasProved(id: string, seconds: number): Promise<boolean> {
    const rows = await this.database.query(
      `select from access.session where id = $1 and proved_at > now() - make_interval(secs => $2)`,
      [id, seconds],
    );
    return rows.length > 0;
  }

  /** Notes that whoever sits there has proved who they are. */
  async prove(tx: Transaction, id: string): Promise<void> {
    await tx.query('update access.session set proved_at = now() where id = $1', [id]);
  }

  /** Undefined for one that nobody ended. */
  async endReason(id: string): Promise<EndReason | undefined> {
    const [row] = await this.database.query<{ reason: EndReason | null }>(
      'select end_reason as reason from access.session where id = $1',
      [id],
    );
    return row?.reason ?? undefined;
  }

  /** Locked until the transaction ends, so that two refreshes with one token take turns. */
  findForRefresh(tx: Transaction, id: string): Promise<SessionRow | null> {
    return tx.repository(SessionRow).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async rotate(
    tx: Transaction,
    id: string,
    next: Pick<SessionRow, 'refreshHash' | 'previousHash' | 'expiresAt' | 'address'>,
  ) {
    const now = new Date();
    await tx.repository(SessionRow).update({ id }, { ...next, rotatedAt: now, usedAt: now });
  }

  /** Held to the end of the transaction: sign-ins of one account take turns with each other and with its blocking. */
  async lockAccount(tx: Transaction, accountId: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('access account ' || $1, 0))`, [accountId]);
  }

  /** Sessions of an account beyond a number, the ones not used for the longest time. */
  async beyond(tx: Transaction, accountId: string, kept: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `select id from access.session where account_id = $1 and ended_at is null and expires_at > now()
        order by used_at desc, id desc offset $2`,
      [accountId, kept],
    );
    return rows.map(({ id }) => id);
  }

  /** Notes that these are in use, at most once a minute for each. */
  async touch(sessions: readonly Pick<SessionRow, 'id' | 'expiresAt'>[]): Promise<void> {
    await this.database.query(
      `update access.session s set used_at = now(), expires_at = used.expires_at
         from unnest($1::uuid[], $2::timestamptz[]) as used (id, expires_at)
        where s.id = used.id and s.ended_at is null and s.expires_at > now()
          and s.used_at < now() - interval '1 minute'`,
      [sessions.map(({ id }) => id), sessions.map(({ expiresAt }) => expiresAt)],
    );
  }

  /** Sessions that nobody ended, those that ran out among them, in the order of their accounts. */
  notEnded(after: LiveMark | undefined, limit: number): Promise<SessionRow[]> {
    const query = this.database
      .repository(SessionRow)
      .createQueryBuilder('session')
      .where('session.endedAt is null')
      .orderBy('session.accountId')
      .addOrderBy('session.id')
      .limit(limit);
    if (after) query.andWhere('(session.accountId, session.id) > (:accountId, :id)', after);
    return query.getMany();
  }

  /** Live sessions of an account, latest first. */
  liveOf(accountId: string, beforeId: string | undefined, limit: number): Promise<SessionRow[]> {
    const query = this.database
      .repository(SessionRow)
      .createQueryBuilder('session')
      .where('session.accountId = :accountId and session.endedAt is null and session.expiresAt > now()', {
        accountId,
      })
      .orderBy('session.id', 'DESC')
      .limit(limit);
    if (beforeId !== undefined) query.andWhere('session.id < :beforeId', { beforeId });
    return query.getMany();
  }

  /** Whether a session is, or was, one of an account. */
  isOf(accountId: string, id: string): Promise<boolean> {
    return this.database.repository(SessionRow).existsBy({ id, accountId });
  }

  /** Ends the live ones among these sessions. @returns the ended ones, in the order of the log */
  async end(tx: Transaction, which: Ending, reason: EndReason): Promise<EndedSession[]> {
    const [column, values] = 'ids' in which ? ['id', which.ids] : ['account_id', which.accountIds];
    const live = await tx.query<{ id: string; accountId: string }>(
      `select id, account_id as "accountId" from access.session
        where ${column} = any($1::uuid[]) and id is distinct from $2 and ended_at is null
        order by id for no key update`,
      [values, 'except' in which ? which.except : null],
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
