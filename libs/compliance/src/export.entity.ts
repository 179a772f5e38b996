import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { asNumber } from '#persistence';

export type StoredState = 'asked' | 'refused' | 'queued' | 'running' | 'done' | 'failed';

/** An export of conversations: what was asked, by whom, and how far it is. */
@Entity({ schema: 'compliance', name: 'export' })
@Unique('export_asked_once', ['askedBy', 'clientId'])
@Index('export_asked_at', ['askedAt', 'id'])
@Index('export_approval', ['approvalId'])
@Index('export_to_make', ['askedAt'], { where: `state in ('queued', 'running')` })
@Check('export_state_check', `state in ('asked', 'refused', 'queued', 'running', 'done', 'failed')`)
@Check('export_range', 'range_from < range_to')
@Check('export_decided', `(state = 'asked') = (decided_by is null)`)
@Check('export_failed', `(state = 'failed') = (failure is not null)`)
export class ExportRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'export_pk' })
  id: string;

  @Column('uuid', { name: 'approval_id' })
  approvalId: string;

  @Column('text', { name: 'client_id' })
  clientId: string;

  @Column('uuid', { name: 'asked_by' })
  askedBy: string;

  @Column('text', { name: 'asked_by_name' })
  askedByName: string;

  @Column('timestamptz', { name: 'asked_at' })
  askedAt: Date;

  /** When the request for approval ends by itself. */
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('uuid', { name: 'person_ids', array: true })
  personIds: string[];

  @Column('timestamptz', { name: 'range_from' })
  from: Date;

  @Column('timestamptz', { name: 'range_to' })
  to: Date;

  @Column('text')
  reason: string;

  @Column('text')
  state: StoredState;

  @Column('uuid', { name: 'decided_by', nullable: true })
  decidedBy: string | null;

  @Column('text', { name: 'decided_by_name', nullable: true })
  decidedByName: string | null;

  @Column('timestamptz', { name: 'decided_at', nullable: true })
  decidedAt: Date | null;

  /** The log as it stood here is exported; fixed by the first attempt, so that every attempt makes the same files. */
  @Column('bigint', { name: 'log_pos', nullable: true, transformer: asNumber })
  logPos: number | null;

  @Column('integer', { default: 0 })
  attempts: number;

  @Column('integer', { name: 'conversation_count', default: 0 })
  conversationCount: number;

  @Column('bigint', { name: 'event_count', default: 0, transformer: asNumber })
  eventCount: number;

  @Column('text', { nullable: true })
  failure: string | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}

/** A conversation of an export as it stood at the export's position of the log. */
@Entity({ schema: 'compliance', name: 'export_conversation' })
@Check('export_conversation_kind_check', `kind in ('direct', 'group')`)
export class ExportConversationRow {
  @PrimaryColumn('uuid', { name: 'export_id', primaryKeyConstraintName: 'export_conversation_pk' })
  exportId: string;

  @PrimaryColumn('uuid', { name: 'conversation_id', primaryKeyConstraintName: 'export_conversation_pk' })
  conversationId: string;

  @Column('text')
  kind: 'direct' | 'group';

  @Column('text', { nullable: true })
  name: string | null;

  /** The two people of a direct conversation. */
  @Column('uuid', { name: 'peer_ids', array: true })
  peerIds: string[];

  /** What the named people saw of it within the asked time. */
  @Column('jsonb')
  ranges: { from: number; to: number }[];
}

/** A file of an export. Until its bytes are complete it has an upload, and no digest. */
@Entity({ schema: 'compliance', name: 'export_file' })
@Check('export_file_finished', '(upload_ref is null) = (sha256 is not null)')
export class ExportFileRow {
  @PrimaryColumn('uuid', { name: 'export_id', primaryKeyConstraintName: 'export_file_pk' })
  exportId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'export_file_pk' })
  name: string;

  /** Order in the export. */
  @Column('integer')
  number: number;

  @Column('text', { name: 'object_key' })
  objectKey: string;

  @Column('text', { name: 'upload_ref', nullable: true })
  uploadRef: string | null;

  @Column('bytea', { name: 'sealed_key' })
  sealedKey: Buffer;

  @Column('bigint', { default: 0, transformer: asNumber })
  size: number;

  @Column('bytea', { nullable: true })
  sha256: Buffer | null;
}
