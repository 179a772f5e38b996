import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { asNumber } from '#persistence';

/** A unit of the organisation as of now. One that is gone is inactive. */
@Entity({ schema: 'directory', name: 'department' })
@Unique('department_external', ['sourceId', 'externalId'])
@Index('department_parent', ['parentId', 'position', 'name'])
export class DepartmentRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'department_pk' })
  id: string;

  @Column('uuid', { name: 'source_id' })
  sourceId: string;

  @Column('bytea', { name: 'external_id' })
  externalId: Buffer;

  @Column('uuid', { name: 'parent_id', nullable: true })
  parentId: string | null;

  @Column('text')
  name: string;

  @Column('integer')
  position: number;

  @Column('boolean')
  active: boolean;

  /** Counted at the end of each synchronisation that changed something. */
  @Column('integer', { name: 'child_count', default: 0 })
  childCount: number;

  @Column('integer', { name: 'people_count', default: 0 })
  peopleCount: number;
}

/** What a department was from a position of the log on, until its next version. */
@Entity({ schema: 'directory', name: 'department_version' })
@Index('department_version_department', ['departmentId', 'pos'])
export class DepartmentVersionRow {
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'department_version_pk', transformer: asNumber })
  pos: number;

  @Column('uuid', { name: 'department_id' })
  departmentId: string;

  @Column('timestamptz')
  at: Date;

  @Column('text')
  change: 'added' | 'changed' | 'gone';

  @Column('jsonb')
  attributes: Record<string, unknown>;
}
