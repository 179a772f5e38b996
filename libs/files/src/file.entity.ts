import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { asNumber } from '#persistence';

/** A file somebody uploads or has uploaded. Its bytes lie sealed in the object store. */
@Entity({ schema: 'files', name: 'file' })
@Index('file_uploading', ['createdAt'], { where: `state = 'uploading'` })
@Check('file_state_check', `state in ('uploading', 'ready')`)
export class FileRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'file_pk' })
  id: string;

  @Column('uuid', { name: 'owner_id' })
  ownerId: string;

  @Column('text')
  name: string;

  /** Plain bytes, as announced. */
  @Column('bigint', { transformer: asNumber })
  size: number;

  @Column('text', { name: 'media_type', nullable: true })
  mediaType: string | null;

  @Column('integer', { nullable: true })
  width: number | null;

  @Column('integer', { nullable: true })
  height: number | null;

  @Column('bytea', { nullable: true })
  sha256: Buffer | null;

  @Column('text')
  state: 'uploading' | 'ready';

  /** Plain bytes that are stored durably; always whole parts while uploading. */
  @Column('bigint', { transformer: asNumber, default: 0 })
  received: number;

  @Column('text', { name: 'object_key' })
  objectKey: string;

  /** The object store's reference of the upload, while it lasts. */
  @Column('text', { name: 'upload_ref', nullable: true })
  uploadRef: string | null;

  /** Month of expiry, which names one of the keys that seal the file's own. */
  @Column('date', { name: 'key_bucket' })
  keyBucket: string;

  @Column('bytea', { name: 'sealed_key' })
  sealedKey: Buffer;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}

/** A stored part of an upload. */
@Entity({ schema: 'files', name: 'upload_part' })
export class UploadPartRow {
  @PrimaryColumn('uuid', { name: 'file_id', primaryKeyConstraintName: 'upload_part_pk' })
  fileId: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'upload_part_pk' })
  number: number;

  @Column('bigint', { transformer: asNumber })
  size: number;

  @Column('text')
  tag: string;
}

/** A message refers to a file; whoever may read the message may have the file. */
@Entity({ schema: 'files', name: 'reference' })
@Index('reference_conversation', ['conversationId', 'seq'])
export class ReferenceRow {
  @PrimaryColumn('uuid', { name: 'file_id', primaryKeyConstraintName: 'reference_pk' })
  fileId: string;

  @Column('uuid', { name: 'conversation_id' })
  conversationId: string;

  @PrimaryColumn('uuid', { name: 'message_id', primaryKeyConstraintName: 'reference_pk' })
  messageId: string;

  @Column('bigint', { transformer: asNumber })
  seq: number;
}
