import { Column, Entity, PrimaryColumn } from 'typeorm';
import { asNumber } from '#persistence';

/** Binds with the password of one person that the directory refused lately, and those under way. */
@Entity({ schema: 'access', name: 'bind_shield' })
export class BindShieldRow {
  @PrimaryColumn('uuid', { name: 'person_id', primaryKeyConstraintName: 'bind_shield_pk' })
  personId: string;

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
