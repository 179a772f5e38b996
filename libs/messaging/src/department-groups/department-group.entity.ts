import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A group whose members follow a department, until it is dissolved or the department is gone. */
@Entity({ schema: 'messaging', name: 'department_group' })
@Unique('department_group_client', ['askedById', 'clientId'])
@Index('department_group_followed', ['departmentId', 'withBelow'], {
  unique: true,
  where: 'ended_at is null',
})
export class DepartmentGroupRow {
  @PrimaryColumn('uuid', { name: 'conversation_id', primaryKeyConstraintName: 'department_group_pk' })
  conversationId: string;

  @Column('uuid', { name: 'department_id' })
  departmentId: string;

  @Column('boolean', { name: 'with_below' })
  withBelow: boolean;

  /** As it was asked for; the conversation has the name of now. */
  @Column('text')
  name: string;

  /** The head who asked for it; null where an administrator did. */
  @Column('uuid', { name: 'owner_id', nullable: true })
  ownerId: string | null;

  @Column('uuid', { name: 'asked_by_id' })
  askedById: string;

  @Column('text', { name: 'client_id' })
  clientId: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  /** Version of the rules of visibility under which everybody was looked at; null until the first time. */
  @Column('integer', { name: 'settled_rules', nullable: true })
  settledRules: number | null;

  /** When it ceased to follow. */
  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;
}
