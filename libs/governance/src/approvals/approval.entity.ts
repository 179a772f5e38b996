import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AdministratorRole } from '#contracts';

/** A request that somebody else decides. The database itself refuses a decision by the asker. */
@Entity({ schema: 'governance', name: 'approval' })
@Index('approval_asked_at', ['askedAt', 'id'])
@Index('approval_asked_once', ['askedBy', 'askedClientId'], {
  unique: true,
  where: 'asked_client_id is not null',
})
@Check('approval_state_check', `state in ('asked', 'approved', 'refused', 'used')`)
@Check('approval_by_another', 'decided_by <> asked_by')
@Check('approval_by_another_person', 'decided_by_person <> asked_by_person')
@Check('approval_decided', `(state = 'asked') = (decided_by is null)`)
@Check('approval_decided_role', '(decided_by is null) = (decided_by_role is null)')
@Check('approval_used', `(state = 'used') = (used_at is not null)`)
export class ApprovalRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'approval_pk' })
  id: string;

  /** As its owner declares it. */
  @Column('text')
  operation: string;

  @Column('jsonb')
  subject: Record<string, unknown>;

  @Column('text')
  reason: string;

  @Column('text')
  state: 'asked' | 'approved' | 'refused' | 'used';

  @Column('uuid', { name: 'asked_by' })
  askedBy: string;

  @Column('text', { name: 'asked_by_name' })
  askedByName: string;

  @Column('text', { name: 'asked_by_role' })
  askedByRole: AdministratorRole;

  /** The person of the directory behind the account, where it is linked to one. */
  @Column('uuid', { name: 'asked_by_person', nullable: true })
  askedByPerson: string | null;

  @Column('timestamptz', { name: 'asked_at' })
  askedAt: Date;

  /** Of the request of a client, where it can be repeated. */
  @Column('text', { name: 'asked_client_id', nullable: true })
  askedClientId: string | null;

  /** That request as it came, as canonical JSON. */
  @Column('text', { name: 'asked_request', nullable: true })
  askedRequest: string | null;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('uuid', { name: 'decided_by', nullable: true })
  decidedBy: string | null;

  @Column('text', { name: 'decided_by_name', nullable: true })
  decidedByName: string | null;

  @Column('text', { name: 'decided_by_role', nullable: true })
  decidedByRole: AdministratorRole | null;

  @Column('uuid', { name: 'decided_by_person', nullable: true })
  decidedByPerson: string | null;

  @Column('timestamptz', { name: 'decided_at', nullable: true })
  decidedAt: Date | null;

  @Column('text', { name: 'decision_client_id', nullable: true })
  decisionClientId: string | null;

  @Column('text', { nullable: true })
  note: string | null;

  /** An approval that is not used by then has expired; null where the operation begins with the decision. */
  @Column('timestamptz', { name: 'usable_until', nullable: true })
  usableUntil: Date | null;

  /** When the operation had run. */
  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt: Date | null;
}
