import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { AdministratorRole } from '#contracts';

/** A local account of one of the three administrators. It holds one role; employees hold none. */
@Entity({ schema: 'access', name: 'administrator' })
@Unique('administrator_username', ['username'])
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

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
