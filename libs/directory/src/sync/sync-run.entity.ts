import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { SyncCounts, SyncProblem, SyncRun, SyncStop } from '#contracts';

/** One synchronisation. */
@Entity({ schema: 'directory', name: 'sync_run' })
@Index('sync_run_started', ['startedAt', 'id'])
@Index('sync_run_unfinished', ['sourceId'], { where: `state in ('running', 'waiting', 'applying')` })
@Check(
  'sync_run_state_check',
  `state in ('running', 'waiting', 'applying', 'done', 'failed', 'refused', 'superseded')`,
)
@Check('sync_run_kind_check', `kind in ('full', 'incremental', 'dry', 'undo')`)
export class SyncRunRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'sync_run_pk' })
  id: string;

  @Column('uuid', { name: 'source_id' })
  sourceId: string;

  @Column('text', { default: 'full' })
  kind: SyncRun['kind'];

  @Column('text')
  state: SyncRun['state'];

  @Column('timestamptz', { name: 'started_at' })
  startedAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;

  @Column('jsonb')
  counts: SyncCounts;

  @Column('integer', { name: 'problem_count', default: 0 })
  problemCount: number;

  /** The first hundred of each class. */
  @Column('jsonb', { default: [] })
  problems: SyncProblem[];

  @Column('text', { nullable: true })
  failure: string | null;

  @Column('jsonb', { default: [] })
  stops: SyncStop[];

  @Column('integer', { name: 'change_count', default: 0 })
  changeCount: number;

  @Column('integer', { name: 'skipped_count', default: 0 })
  skippedCount: number;

  @Column('integer', { name: 'read_ms', default: 0 })
  readMs: number;

  @Column('integer', { name: 'apply_ms', default: 0 })
  applyMs: number;

  /** Of what a waiting plan would do, so that the same one is not made again. */
  @Column('text', { nullable: true })
  digest: string | null;

  @Column('uuid', { name: 'approval_id', nullable: true })
  approvalId: string | null;

  @Column('text', { name: 'approval_client_id', nullable: true })
  approvalClientId: string | null;

  @Column('uuid', { nullable: true })
  undoes: string | null;
}
