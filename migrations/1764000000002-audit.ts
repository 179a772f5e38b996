import { SqlMigration } from './sql-migration.js';

/** The audit trail: rows are added, never changed; pos is gap-free. */
export class Audit1764000000002 extends SqlMigration {
  protected readonly statements = [
    `create schema audit`,
    `create table audit.entry (
       pos bigint not null,
       at timestamptz not null,
       action text not null,
       outcome text not null check (outcome in ('done', 'denied', 'failed')),
       actor_kind text not null,
       actor_id text,
       actor_name text,
       role text,
       session_id uuid,
       address text,
       object_kind text,
       object_id text,
       details jsonb not null,
       constraint entry_pk primary key (pos)
     )`,
    `create index entry_action on audit.entry (action, pos)`,
    `create index entry_actor on audit.entry (actor_id, pos)`,
    `create index entry_at on audit.entry (at)`,
    `create function audit.refuse_change() returns trigger language plpgsql as $$
     begin
       raise exception 'the audit trail only grows';
     end $$`,
    `create trigger entry_only_grows before update or delete or truncate on audit.entry
       for each statement execute function audit.refuse_change()`,
    `grant usage on schema audit to chancery_app`,
    `grant select, insert on audit.entry to chancery_app`,
  ];
}
