import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { AdministratorRole } from '#contracts';
import { asNumber } from '#persistence';
import type { ScopeKind } from './policy.js';

/** What somebody decided, or asks to have decided, for a scope. Versions stay as a record. */
@Entity({ schema: 'governance', name: 'policy_version' })
@Unique('policy_version_number', ['name', 'scopeKind', 'scopeId', 'version'])
@Unique('policy_version_asked_once', ['changedBy', 'clientId'])
@Index('policy_version_waiting', ['name', 'scopeKind', 'scopeId'], { unique: true, where: `state = 'asked'` })
@Index('policy_version_pos', ['pos'], { unique: true, where: 'pos is not null' })
@Index('policy_version_changed_at', ['name', 'changedAt', 'id'])
@Index('policy_version_approval', ['approvalId'], { where: 'approval_id is not null' })
@Check('policy_version_state_check', `state in ('asked', 'set', 'refused', 'expired')`)
@Check('policy_version_scope_check', `scope_kind in ('installation', 'department', 'conversation', 'person')`)
@Check('policy_version_set', `(state = 'set') = (effective_at is not null and pos is not null)`)
export class PolicyVersionRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'policy_version_pk' })
  id: string;

  @Column('text')
  name: string;

  @Column('text', { name: 'scope_kind' })
  scopeKind: ScopeKind;

  /** The nil id for the installation. */
  @Column('uuid', { name: 'scope_id' })
  scopeId: string;

  @Column('text', { name: 'scope_name', nullable: true })
  scopeName: string | null;

  @Column('integer')
  version: number;

  @Column('text')
  state: 'asked' | 'set' | 'refused' | 'expired';

  /** Null takes back what was decided for the scope. */
  @Column('jsonb', { nullable: true })
  value: object | null;

  /** What stood for the scope before. */
  @Column('jsonb', { nullable: true })
  before: object | null;

  @Column('text')
  reason: string;

  /** People the change concerned when it was asked for. */
  @Column('integer', { name: 'people_count' })
  peopleCount: number;

  @Column('uuid', { name: 'changed_by' })
  changedBy: string;

  @Column('text', { name: 'changed_by_name' })
  changedByName: string;

  @Column('text', { name: 'changed_by_role' })
  changedByRole: AdministratorRole;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt: Date;

  @Column('text', { name: 'client_id' })
  clientId: string;

  @Column('uuid', { name: 'approval_id', nullable: true })
  approvalId: string | null;

  @Column('text', { name: 'decided_by_name', nullable: true })
  decidedByName: string | null;

  @Column('timestamptz', { name: 'effective_at', nullable: true })
  effectiveAt: Date | null;

  /** Position of the log at which it was set; every process follows these. */
  @Column('bigint', { nullable: true, transformer: asNumber })
  pos: number | null;
}
