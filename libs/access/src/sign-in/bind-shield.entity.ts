import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { asNumber } from '#persistence';

/** Checks of one account's password that were refused lately, and those under way. */
@Entity({ schema: 'access', name: 'bind_shield' })
@Index('bind_shield_last', ['lastAt'])
export class BindShieldRow {
  @PrimaryColumn('uuid', { name: 'account_id', primaryKeyConstraintName: 'bind_shield_pk' })
  accountId: string;

  /** Refused ever; only ascends, so that concurrent successes take back no failure twice. */
  @Column('bigint', { transformer: asNumber })
  refused: number;

  /** How many of these the directory has forgotten, by a success or by time. */
  @Column('bigint', { transformer: asNumber })
  forgiven: number;

  @Column('integer')
  pending: number;

  @Column('timestamptz', { name: 'last_at' })
  lastAt: Date;
}
