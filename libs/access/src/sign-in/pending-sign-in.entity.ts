import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AdministratorRole } from '#contracts';

/** A sign-in whose first step is done. It opens nothing but its second step. */
@Entity({ schema: 'access', name: 'pending_sign_in' })
@Index('pending_sign_in_expiry', ['expiresAt'])
@Check('pending_sign_in_account_kind_check', `account_kind in ('person', 'administrator')`)
@Check('pending_sign_in_role_check', `(account_kind = 'administrator') = (role is not null)`)
export class PendingSignInRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pending_sign_in_pk' })
  id: string;

  /** Digest of the token that continues it. */
  @Column('bytea', { name: 'token_hash' })
  tokenHash: Buffer;

  @Column('text', { name: 'account_kind' })
  accountKind: 'person' | 'administrator';

  @Column('uuid', { name: 'account_id' })
  accountId: string;

  @Column('text')
  username: string;

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

  /** Whether a factor has to be set up, because the account has none and needs one. */
  @Column('boolean')
  enrols: boolean;

  @Column('integer')
  tries: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
