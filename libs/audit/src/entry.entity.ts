import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { asNumber } from '#persistence';

/** One entry of the trail. Rows are added, never changed: the database refuses anything else. */
@Entity({ schema: 'audit', name: 'entry' })
@Index('entry_action', ['action', 'pos'])
@Index('entry_actor', ['actorId', 'pos'])
@Index('entry_object', ['objectId', 'pos'], { where: 'object_id is not null' })
@Index('entry_at', ['at'])
@Check('entry_outcome_check', `outcome in ('done', 'denied', 'failed')`)
export class EntryRow {
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'entry_pk', transformer: asNumber })
  pos: number;

  @Column('timestamptz')
  at: Date;

  @Column('text')
  action: string;

  @Column('text')
  outcome: 'done' | 'denied' | 'failed';

  @Column('text', { name: 'actor_kind' })
  actorKind: 'person' | 'administrator' | 'bot' | 'system' | 'anonymous';

  @Column('text', { name: 'actor_id', nullable: true })
  actorId: string | null;

  @Column('text', { name: 'actor_name', nullable: true })
  actorName: string | null;

  @Column('text', { nullable: true })
  role: string | null;

  @Column('uuid', { name: 'session_id', nullable: true })
  sessionId: string | null;

  @Column('text', { nullable: true })
  address: string | null;

  @Column('text', { name: 'object_kind', nullable: true })
  objectKind: string | null;

  @Column('text', { name: 'object_id', nullable: true })
  objectId: string | null;

  @Column('jsonb')
  details: Record<string, unknown>;
}
