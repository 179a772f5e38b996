import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A request that somebody else decides. The database itself refuses a decision by the asker. */
@Entity({ schema: 'governance', name: 'approval' })
@Index('approval_asked_at', ['askedAt', 'id'])
@Check('approval_state_check', `state in ('asked', 'approved', 'refused')`)
@Check('approval_by_another', 'decided_by <> asked_by')
@Check('approval_decided', `(state = 'asked') = (decided_by is null)`)
export class ApprovalRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'approval_pk' })
  id: string;

  @Column('text')
  operation: 'audit.export';

  @Column('jsonb')
  subject: Record<string, unknown>;

  @Column('text')
  reason: string;

  @Column('text')
  state: 'asked' | 'approved' | 'refused';

  @Column('uuid', { name: 'asked_by' })
  askedBy: string;

  @Column('text', { name: 'asked_by_name' })
  askedByName: string;

  @Column('timestamptz', { name: 'asked_at' })
  askedAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('uuid', { name: 'decided_by', nullable: true })
  decidedBy: string | null;

  @Column('text', { name: 'decided_by_name', nullable: true })
  decidedByName: string | null;

  @Column('timestamptz', { name: 'decided_at', nullable: true })
  decidedAt: Date | null;

  @Column('text', { name: 'decision_client_id', nullable: true })
  decisionClientId: string | null;

  @Column('text', { nullable: true })
  note: string | null;
}
