import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { asNumber } from '#persistence';
import type { ScanState } from './scan/scan.js';

/** A file somebody uploads or has uploaded. Its bytes lie sealed in the object store. */
@Entity({ schema: 'files', name: 'file' })
@Index('file_uploading', ['createdAt'], { where: `state = 'uploading'` })
@Index('file_owner', ['ownerId'])
@Index('file_scan_pending', ['scanDue'], { where: `scan = 'pending' and scan_due is not null` })
@Index('file_scan_again', ['scanDue'], { where: `scan <> 'pending' and scan_due is not null` })
@Index('file_scanned_with', ['scannedWith'], { where: `scan_due is null` })
@Check('file_scan_check', `scan in ('pending', 'clean', 'infected', 'error', 'too_large')`)
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

  /** What the scanner said last; pending before it said anything. */
  @Column('text', { default: 'pending' })
  scan: ScanState;

  /** When the scanner is to look at it, for the first time or again; null while there is no reason to. */
  @Column('timestamptz', { name: 'scan_due', nullable: true })
  scanDue: Date | null;

  /** Scans that ended with an error, one after the other. */
  @Column('integer', { name: 'scan_attempts', default: 0 })
  scanAttempts: number;

  /** Version of scanner and signatures of the last verdict. */
  @Column('text', { name: 'scanned_with', nullable: true })
  scannedWith: string | null;

  /** What was found in an infected file. */
  @Column('text', { nullable: true })
  finding: string | null;
}

/** A file in which harm was found. */
@Entity({ schema: 'files', name: 'quarantine' })
@Index('quarantine_found', ['foundAt', 'fileId'])
export class QuarantineRow {
  @PrimaryColumn('uuid', { name: 'file_id', primaryKeyConstraintName: 'quarantine_pk' })
  fileId: string;

  @Column('timestamptz', { name: 'found_at' })
  foundAt: Date;

  @Column('text')
  finding: string;

  /** The conversations it was sent to have been told. */
  @Column('boolean', { default: false })
  told: boolean;
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
