import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { SyncChange } from '#contracts';

/** One change of a plan, in the order of applying. */
@Entity({ schema: 'directory', name: 'sync_change' })
@Check('sync_change_subject_check', `subject in ('person', 'department')`)
@Check('sync_change_change_check', `change in ('added', 'changed', 'disabled', 'enabled', 'gone')`)
@Check('sync_change_state_check', `state in ('planned', 'applied', 'skipped')`)
export class SyncChangeRow {
  @PrimaryColumn('uuid', { name: 'run_id', primaryKeyConstraintName: 'sync_change_pk' })
  runId: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'sync_change_pk' })
  ordinal: number;

  @Column('text')
  subject: SyncChange['subject'];

  @Column('uuid', { name: 'subject_id' })
  subjectId: string;

  @Column('text')
  name: string;

  @Column('text')
  change: SyncChange['change'];

  @Column('jsonb', { nullable: true })
  before: Record<string, unknown> | null;

  @Column('jsonb')
  after: Record<string, unknown>;

  @Column('text', { default: 'planned' })
  state: SyncChange['state'];
}
