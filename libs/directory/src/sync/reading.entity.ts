import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** How far a directory has been read. Without a place, everything has to be read. */
@Entity({ schema: 'directory', name: 'reading' })
@Check(
  'reading_whole',
  `(digest is null) = (server is null) and (digest is null) = (mark is null)
         and (digest is null) = (members is null) and (digest is null) = (marked_at is null)`,
)
export class ReadingRow {
  @PrimaryColumn('uuid', { name: 'source_id', primaryKeyConstraintName: 'reading_pk' })
  sourceId: string;

  /** Of the settings it was read with. */
  @Column('text', { nullable: true })
  digest: string | null;

  /** Whose marks these are: no server knows those of another one. */
  @Column('text', { nullable: true })
  server: string | null;

  /** Whatever the server changed later has a greater one. */
  @Column('text', { nullable: true })
  mark: string | null;

  /** Digest of who belonged to the groups of the source; empty where it has none. */
  @Column('text', { nullable: true })
  members: string | null;

  @Column('timestamptz', { name: 'marked_at', nullable: true })
  markedAt: Date | null;

  @Column('timestamptz', { name: 'looked_at', nullable: true })
  lookedAt: Date | null;

  /** Why the last look failed; null where it did not. */
  @Column('text', { nullable: true })
  fault: string | null;
}
