import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Words under which the people of a department are found, made from the name that stands beside them. */
@Entity({ schema: 'directory', name: 'department_terms' })
@Index('department_terms_terms', { synchronize: false })
export class DepartmentTermsRow {
  @PrimaryColumn('uuid', { name: 'department_id', primaryKeyConstraintName: 'department_terms_pk' })
  departmentId: string;

  @Column('text')
  name: string;

  @Column('tsvector', { select: false })
  terms: string;
}
