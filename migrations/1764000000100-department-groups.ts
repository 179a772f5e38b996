import { SqlMigration } from './sql-migration.js';

/** Groups whose members follow a department. */
export class DepartmentGroups1764000000100 extends SqlMigration {
  protected readonly statements = [
    `create table messaging.department_group (
       conversation_id uuid not null,
       department_id uuid not null,
       with_below boolean not null,
       name text not null,
       owner_id uuid,
       asked_by_id uuid not null,
       client_id text not null,
       created_at timestamptz not null default now(),
       settled_rules integer,
       ended_at timestamptz,
       constraint department_group_pk primary key (conversation_id),
       constraint department_group_client unique (asked_by_id, client_id)
     )`,
    `create unique index department_group_followed on messaging.department_group (department_id, with_below)
      where ended_at is null`,
    `grant select, insert, update on messaging.department_group to chancery_app`,
  ];
}
