import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a subject has left of its rate; all processes take from the same one. Unlogged: it is true for minutes only. */
@Entity({ schema: 'access', name: 'rate_bucket' })
@Index('rate_bucket_filled', ['filledAt'])
export class RateBucketRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'rate_bucket_pk' })
  subject: string;

  @Column('double precision')
  tokens: number;

  /** What the last one who asked was given. */
  @Column('integer')
  granted: number;

  @Column('timestamptz', { name: 'filled_at' })
  filledAt: Date;
}
