import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#persistence';
import { FactorChallengeRow, FactorRow, RecoveryCodeRow } from './factor.entity.js';

type Challenge = Pick<FactorChallengeRow, 'subjectId' | 'purpose' | 'challenge' | 'secret'>;

const cleanedAtOnce = 10_000;

@Injectable()
export class FactorsStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** Held to the end of the transaction: changes of one account's factors take turns. */
  async lock(tx: Transaction, accountId: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('access factors ' || $1, 0))`, [accountId]);
  }

  of(accountId: string): Promise<FactorRow[]> {
    return this.database.repository(FactorRow).find({ where: { accountId }, order: { id: 'ASC' } });
  }

  /** As `of`, as the transaction sees it. */
  ofWithin(tx: Transaction, accountId: string): Promise<FactorRow[]> {
    return tx.repository(FactorRow).find({ where: { accountId }, order: { id: 'ASC' } });
  }

  insert(tx: Transaction, factor: FactorRow): Promise<void> {
    return tx.insert(FactorRow, [factor]);
  }

  async remove(tx: Transaction, id: string): Promise<void> {
    await tx.repository(FactorRow).delete({ id });
  }

  /** Everything an account proves itself with. @returns how many factors that were */
  async removeAll(tx: Transaction, accountId: string): Promise<number> {
    await this.removeCodes(tx, accountId);
    const { affected } = await tx.repository(FactorRow).delete({ accountId });
    return affected ?? 0;
  }

  /** @returns false where a code of this step, or of a later one, was used before */
  async useStep(id: string, step: number): Promise<boolean> {
    const used = await this.database.query(
      `update access.factor set last_step = $2, used_at = now()
        where id = $1 and (last_step is null or last_step < $2) returning id`,
      [id, step],
    );
    return used.length > 0;
  }

  /** @returns false where the passkey has counted so far before, which a copy of it would */
  async useCounter(id: string, counter: number): Promise<boolean> {
    const used = await this.database.query(
      `update access.factor set counter = $2, used_at = now()
        where id = $1 and (counter < $2 or (counter = 0 and $2 = 0)) returning id`,
      [id, counter],
    );
    return used.length > 0;
  }

  async codesLeft(accountId: string): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      'select count(*) from access.recovery_code where account_id = $1 and used_at is null',
      [accountId],
    );
    return row!.count;
  }

  /** @returns false where there is no such code, or it was used */
  async useCode(accountId: string, hash: Buffer): Promise<boolean> {
    const used = await this.database.query(
      `update access.recovery_code set used_at = now()
        where account_id = $1 and hash = $2 and used_at is null returning account_id`,
      [accountId, hash],
    );
    return used.length > 0;
  }

  async replaceCodes(tx: Transaction, accountId: string, hashes: Buffer[]): Promise<void> {
    await this.removeCodes(tx, accountId);
    await tx.insert(
      RecoveryCodeRow,
      hashes.map((hash) => ({ accountId, hash, usedAt: null })),
    );
  }

  async removeCodes(tx: Transaction, accountId: string): Promise<void> {
    await tx.repository(RecoveryCodeRow).delete({ accountId });
  }

  /** In place of what was asked for the same purpose before. */
  async putChallenge({ subjectId, purpose, challenge, secret }: Challenge, seconds: number): Promise<void> {
    await this.database.query(
      `insert into access.factor_challenge (subject_id, purpose, challenge, secret, expires_at)
       values ($1, $2, $3, $4, now() + make_interval(secs => $5))
       on conflict (subject_id, purpose) do update
         set challenge = excluded.challenge, secret = excluded.secret, expires_at = excluded.expires_at`,
      [subjectId, purpose, challenge, secret, seconds],
    );
  }

  /** What was asked; it stays, because a code may be mistyped. */
  async findChallenge(
    subjectId: string,
    purpose: FactorChallengeRow['purpose'],
  ): Promise<FactorChallengeRow | undefined> {
    const row = await this.database.repository(FactorChallengeRow).findOneBy({ subjectId, purpose });
    return row && row.expiresAt > new Date() ? row : undefined;
  }

  /** Takes what was asked: nobody can answer it again. */
  async takeChallenge(
    subjectId: string,
    purpose: FactorChallengeRow['purpose'],
  ): Promise<string | undefined> {
    const [row] = await this.database.query<{ challenge: string; isOver: boolean }>(
      `delete from access.factor_challenge where subject_id = $1 and purpose = $2
       returning challenge, expires_at <= now() as "isOver"`,
      [subjectId, purpose],
    );
    return row && !row.isOver ? row.challenge : undefined;
  }

  /** Removes what nobody can answer any more. */
  async clean(): Promise<void> {
    await this.database.query(
      `delete from access.factor_challenge where (subject_id, purpose) in (
         select subject_id, purpose from access.factor_challenge where expires_at < now()
          order by expires_at limit $1)`,
      [cleanedAtOnce],
    );
  }
}
