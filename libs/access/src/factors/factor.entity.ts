import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { asNumber } from '#persistence';

/** A second factor of an account: an app with a shared secret, or a passkey. */
@Entity({ schema: 'access', name: 'factor' })
@Index('factor_account', ['accountId'])
@Index('factor_credential', ['accountId', 'credentialId'], {
  unique: true,
  where: 'credential_id is not null',
})
@Index('factor_client', ['accountId', 'clientId'], { unique: true, where: 'client_id is not null' })
@Check('factor_account_kind_check', `account_kind in ('person', 'administrator')`)
@Check('factor_kind_check', `kind in ('totp', 'passkey')`)
@Check('factor_totp_check', `(kind = 'totp') = (secret is not null)`)
@Check(
  'factor_passkey_check',
  `(kind = 'passkey') = (credential_id is not null and public_key is not null and counter is not null)`,
)
export class FactorRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'factor_pk' })
  id: string;

  @Column('uuid', { name: 'account_id' })
  accountId: string;

  @Column('text', { name: 'account_kind' })
  accountKind: 'person' | 'administrator';

  @Column('text')
  kind: 'totp' | 'passkey';

  @Column('text')
  name: string;

  /** Sealed. */
  @Column('bytea', { nullable: true })
  secret: Buffer | null;

  /** The step of the code that was used last: no code of it, or of one before, is good again. */
  @Column('bigint', { name: 'last_step', nullable: true, transformer: asNumber })
  lastStep: number | null;

  @Column('text', { name: 'credential_id', nullable: true })
  credentialId: string | null;

  @Column('bytea', { name: 'public_key', nullable: true })
  publicKey: Buffer | null;

  /** Uses, as the passkey counts them; many count none and stay at 0. */
  @Column('bigint', { nullable: true, transformer: asNumber })
  counter: number | null;

  @Column('text', { array: true, nullable: true })
  transports: string[] | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt: Date | null;

  /** Of the request that set it up. */
  @Column('text', { name: 'client_id', nullable: true })
  clientId: string | null;
}

/** A code that stands in once for a lost factor. */
@Entity({ schema: 'access', name: 'recovery_code' })
export class RecoveryCodeRow {
  @PrimaryColumn('uuid', { name: 'account_id', primaryKeyConstraintName: 'recovery_code_pk' })
  accountId: string;

  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'recovery_code_pk' })
  hash: Buffer;

  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt: Date | null;
}

/** What was asked of a session or a sign-in under way, and is answered once. */
@Entity({ schema: 'access', name: 'factor_challenge' })
@Index('factor_challenge_expiry', ['expiresAt'])
export class FactorChallengeRow {
  /** The session, or the sign-in under way. */
  @PrimaryColumn('uuid', { name: 'subject_id', primaryKeyConstraintName: 'factor_challenge_pk' })
  subjectId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'factor_challenge_pk' })
  purpose: 'prove' | 'enrol_totp' | 'enrol_passkey';

  @Column('text')
  challenge: string;

  /** Of a new app, sealed. */
  @Column('bytea', { nullable: true })
  secret: Buffer | null;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
