import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { SyncCounts, SyncProblem } from '#contracts';

/** A directory that people come from. */
@Entity({ schema: 'directory', name: 'source' })
@Unique('source_name', ['name'])
export class SourceRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'source_pk' })
  id: string;

  @Column('text')
  name: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}

/** One synchronisation. */
@Entity({ schema: 'directory', name: 'sync_run' })
@Index('sync_run_started', ['startedAt', 'id'])
@Check('sync_run_state_check', `state in ('running', 'done', 'failed')`)
export class SyncRunRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'sync_run_pk' })
  id: string;

  @Column('uuid', { name: 'source_id' })
  sourceId: string;

  @Column('text')
  state: 'running' | 'done' | 'failed';

  @Column('timestamptz', { name: 'started_at' })
  startedAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;

  @Column('jsonb')
  counts: SyncCounts;

  @Column('integer', { name: 'problem_count', default: 0 })
  problemCount: number;

  @Column('jsonb', { default: [] })
  problems: SyncProblem[];

  @Column('text', { nullable: true })
  failure: string | null;
}
