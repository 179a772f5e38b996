import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person whom an administrator disabled here. No synchronisation knows of it, so none takes it back. */
@Entity({ schema: 'access', name: 'block' })
export class BlockRow {
  @PrimaryColumn('uuid', { name: 'person_id', primaryKeyConstraintName: 'block_pk' })
  personId: string;

  @Column('timestamptz', { default: () => 'now()' })
  at: Date;

  @Column('uuid', { name: 'by_id' })
  byId: string;

  @Column('text', { name: 'by_name' })
  byName: string;

  @Column('text')
  reason: string;
}
