import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { VisibilityRule } from '#contracts';

/** The rules of visibility from one change to the next; rows are only added. */
@Entity({ schema: 'directory', name: 'visibility_version' })
@Unique('visibility_version_client', ['changedById', 'clientId'])
export class VisibilityVersionRow {
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'visibility_version_pk' })
  version: number;

  @Column('jsonb')
  rules: VisibilityRule[];

  @Column('text')
  reason: string;

  @Column('text', { name: 'client_id' })
  clientId: string;

  @Column('uuid', { name: 'changed_by_id' })
  changedById: string;

  @Column('text', { name: 'changed_by' })
  changedBy: string;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;
}

/** From the top down to a department, itself included. Kept by a trigger. */
@Entity({ schema: 'directory', name: 'department_way' })
@Index('department_way_way', { synchronize: false })
export class DepartmentWayRow {
  @PrimaryColumn('uuid', { name: 'department_id', primaryKeyConstraintName: 'department_way_pk' })
  departmentId: string;

  @Column('uuid', { array: true })
  way: string[];
}
