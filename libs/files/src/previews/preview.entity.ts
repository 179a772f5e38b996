import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { PreviewForm } from './preview.js';

/** A smaller image of a file. Its bytes lie sealed in the object store, by a key that comes from the file's own. */
@Entity({ schema: 'files', name: 'preview' })
@Check('preview_form_check', `form in ('small', 'large')`)
export class PreviewRow {
  @PrimaryColumn('uuid', { name: 'file_id', primaryKeyConstraintName: 'preview_pk' })
  fileId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'preview_pk' })
  form: PreviewForm;

  @Column('text', { name: 'object_key' })
  objectKey: string;

  /** Plain bytes. */
  @Column('integer')
  size: number;

  @Column('integer')
  width: number;

  @Column('integer')
  height: number;

  @Column('timestamptz', { name: 'made_at' })
  madeAt: Date;
}

/** A file that has no previews yet, or none at all. */
@Entity({ schema: 'files', name: 'preview_work' })
@Index('preview_work_due', ['due'], { where: 'due is not null' })
export class PreviewWorkRow {
  @PrimaryColumn('uuid', { name: 'file_id', primaryKeyConstraintName: 'preview_work_pk' })
  fileId: string;

  /** When to make them; null while nobody may have the file, and where they cannot be made. */
  @Column('timestamptz', { nullable: true })
  due: Date | null;

  /** How often somebody began, whatever became of them. */
  @Column('integer', { default: 0 })
  attempts: number;

  /** Why there are none and will be none. */
  @Column('text', { nullable: true })
  obstacle: string | null;
}
