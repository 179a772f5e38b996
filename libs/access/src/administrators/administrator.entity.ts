import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { AdministratorRole } from '#contracts';

/** A local account of one of the three administrators. It holds one role, and its person no other account. */
@Entity({ schema: 'access', name: 'administrator' })
@Unique('administrator_username', ['username'])
@Index('administrator_person', ['personId'], { unique: true, where: 'person_id is not null' })
@Check('administrator_role_check', `role in ('system-admin', 'security-admin', 'audit-admin')`)
export class AdministratorRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'administrator_pk' })
  id: string;

  @Column('text')
  username: string;

  @Column('text', { name: 'display_name' })
  displayName: string;

  @Column('text')
  role: AdministratorRole;

  @Column('text', { name: 'password_hash' })
  passwordHash: string;

  /** The person of the directory whose account it is, where that is known. */
  @Column('uuid', { name: 'person_id', nullable: true })
  personId: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
