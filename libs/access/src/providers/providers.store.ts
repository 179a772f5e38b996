import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { Database, type Transaction } from '#persistence';
import type { Claims } from './claims.js';
import { IdentityProviderRow, IdentityRow, ProviderSignInRow } from './identity-provider.entity.js';

const cleanedAtOnce = 10_000;

@Injectable()
export class ProvidersStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** Held to the end of the transaction: changes of providers and of whose their accounts are take turns. */
  async lock(tx: Transaction): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('access providers', 0))`);
  }

  all(): Promise<IdentityProviderRow[]> {
    return this.database.repository(IdentityProviderRow).find({ order: { name: 'ASC' } });
  }

  active(): Promise<IdentityProviderRow[]> {
    return this.database
      .repository(IdentityProviderRow)
      .find({ where: { active: true }, order: { name: 'ASC' } });
  }

  find(id: string): Promise<IdentityProviderRow | null> {
    return this.database.repository(IdentityProviderRow).findOneBy({ id });
  }

  allWithin(tx: Transaction): Promise<IdentityProviderRow[]> {
    return tx.repository(IdentityProviderRow).find();
  }

  insert(tx: Transaction, row: IdentityProviderRow): Promise<void> {
    return tx.insert(IdentityProviderRow, [row]);
  }

  async change(
    tx: Transaction,
    id: string,
    values: Partial<Pick<IdentityProviderRow, 'name' | 'active' | 'settings' | 'secret' | 'version'>>,
  ): Promise<void> {
    await tx.repository(IdentityProviderRow).update({ id }, values as never);
  }

  /** How many people are linked to each provider. */
  async linked(): Promise<Map<string, number>> {
    const rows = await this.database.query<{ id: string; people: number }>(
      'select provider_id as id, count(*) as people from access.identity group by provider_id',
    );
    return new Map(rows.map(({ id, people }) => [id, people]));
  }

  identity(issuer: string, subject: string): Promise<IdentityRow | null> {
    return this.database.repository(IdentityRow).findOneBy({ issuer, subject });
  }

  identitiesOf(personId: string): Promise<IdentityRow[]> {
    return this.database.repository(IdentityRow).find({ where: { personId }, order: { issuer: 'ASC' } });
  }

  /** @returns false where the account is somebody's, or the person has another one of this issuer */
  async link(tx: Transaction, row: Omit<IdentityRow, 'linkedAt'>): Promise<boolean> {
    const linked = await tx.query(
      `insert into access.identity (issuer, subject, person_id, provider_id, linked_by)
       values ($1, $2, $3, $4, $5) on conflict do nothing returning issuer`,
      [row.issuer, row.subject, row.personId, row.providerId, row.linkedBy],
    );
    return linked.length > 0;
  }

  /** @returns whether there was one */
  async unlink(tx: Transaction, personId: string, providerId: string): Promise<boolean> {
    const { affected } = await tx.repository(IdentityRow).delete({ personId, providerId });
    return (affected ?? 0) > 0;
  }

  async begin(row: ProviderSignInRow): Promise<void> {
    await this.database.repository(ProviderSignInRow).insert(row as never);
  }

  /** A sign-in under way in the browser that has the secret. */
  async underWay(id: string, secretHash: Buffer): Promise<ProviderSignInRow | undefined> {
    const row = await this.database.repository(ProviderSignInRow).findOneBy({ id, secretHash });
    return row && row.expiresAt > new Date() ? row : undefined;
  }

  /** A sign-in under way whose answer is still awaited. */
  async awaited(id: string): Promise<ProviderSignInRow | undefined> {
    const row = await this.database.repository(ProviderSignInRow).findOneBy({ id, answerHash: IsNull() });
    return row && row.expiresAt > new Date() ? row : undefined;
  }

  /** Keeps what an answer says. @returns false where there was one before: an answer counts once */
  async answered(id: string, answerHash: Buffer, claims: Claims): Promise<boolean> {
    const rows = await this.database.query(
      `update access.provider_sign_in set answer_hash = $2, claims = $3::jsonb
        where id = $1 and answer_hash is null and expires_at > now() returning id`,
      [id, answerHash, JSON.stringify(claims)],
    );
    return rows.length > 0;
  }

  /** @returns false where somebody has come back with it before */
  async comeBack(id: string, personId: string, seconds: number): Promise<boolean> {
    const rows = await this.database.query(
      `update access.provider_sign_in set person_id = $2, expires_at = now() + make_interval(secs => $3)
        where id = $1 and person_id is null and expires_at > now() returning id`,
      [id, personId, seconds],
    );
    return rows.length > 0;
  }

  /** Takes it: nobody can finish it again. */
  async take(id: string, secretHash: Buffer): Promise<{ personId: string; providerId: string } | undefined> {
    const [row] = await this.database.query<{ personId: string; providerId: string; isOver: boolean }>(
      `delete from access.provider_sign_in where id = $1 and secret_hash = $2 and person_id is not null
       returning person_id as "personId", provider_id as "providerId", expires_at <= now() as "isOver"`,
      [id, secretHash],
    );
    return row && !row.isOver ? row : undefined;
  }

  /** Removes what nobody can finish any more. */
  async clean(): Promise<void> {
    await this.database.query(
      `delete from access.provider_sign_in where id in (
         select id from access.provider_sign_in where expires_at < now() order by expires_at limit $1)`,
      [cleanedAtOnce],
    );
  }
}
