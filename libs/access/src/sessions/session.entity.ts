import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AdministratorRole, BotScope } from '#contracts';
import { asNumber } from '#persistence';

/** A signed-in device. Ended sessions stay as a record. */
@Entity({ schema: 'access', name: 'session' })
@Index('session_account', ['accountId'], { where: 'ended_at is null' })
@Index('session_end', ['endPos'], { where: 'end_pos is not null' })
@Index('session_client', ['accountId', 'clientId'], { unique: true, where: 'client_id is not null' })
@Index('session_bot', ['accountId', 'id'], { where: `account_kind = 'bot'` })
@Check('session_account_kind_check', `account_kind in ('person', 'administrator', 'bot')`)
@Check('session_role_check', `(account_kind = 'administrator') = (role is not null)`)
export class SessionRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'session_pk' })
  id: string;

  @Column('text', { name: 'account_kind' })
  accountKind: 'person' | 'administrator' | 'bot';

  @Column('uuid', { name: 'account_id' })
  accountId: string;

  @Column('text')
  username: string;

  /** Name at the time of signing in, for the trail. */
  @Column('text', { name: 'display_name' })
  displayName: string;

  @Column('text', { nullable: true })
  role: AdministratorRole | null;

  @Column('text', { name: 'device_name' })
  deviceName: string;

  @Column('text')
  platform: string;

  @Column('text', { nullable: true })
  address: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'used_at' })
  usedAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  /** Digests: the tokens themselves are nowhere. */
  @Column('bytea', { name: 'refresh_hash' })
  refreshHash: Buffer;

  @Column('bytea', { name: 'previous_hash', nullable: true })
  previousHash: Buffer | null;

  @Column('timestamptz', { name: 'rotated_at', nullable: true })
  rotatedAt: Date | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  @Column('text', { name: 'end_reason', nullable: true })
  endReason: EndReason | null;

  /** Position of the end in the log, which every process follows. */
  @Column('bigint', { name: 'end_pos', nullable: true, transformer: asNumber })
  endPos: number | null;

  /** When whoever sits there last proved who they are; null: before anybody asked. */
  @Column('timestamptz', { name: 'proved_at', nullable: true })
  provedAt: Date | null;

  /** What a token of a bot may do; null for people and administrators. */
  @Column('text', { array: true, nullable: true })
  scopes: BotScope[] | null;

  /** Of the request that issued a token of a bot. */
  @Column('text', { name: 'client_id', nullable: true })
  clientId: string | null;
}

export type EndReason = 'signed_out' | 'disabled' | 'reused' | 'revoked' | 'blocked' | 'replaced' | 'expired';
