import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Failed attempts of an account or an address within the window. */
@Entity({ schema: 'access', name: 'failed_attempts' })
@Index('failed_attempts_window', ['windowStart'])
export class FailedAttemptsRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'failed_attempts_pk' })
  subject: string;

  @Column('timestamptz', { name: 'window_start' })
  windowStart: Date;

  @Column('integer')
  count: number;
}
