import { SqlMigration } from './sql-migration.js';

/** What administrators decide while the product runs: every version of it, for each scope. */
export class Policies1764000000051 extends SqlMigration {
  protected readonly statements = [
    `create table governance.policy_version (
       id uuid not null,
       name text not null,
       scope_kind text not null,
       scope_id uuid not null,
       scope_name text,
       version integer not null,
       state text not null,
       value jsonb,
       before jsonb,
       reason text not null,
       people_count integer not null,
       changed_by uuid not null,
       changed_by_name text not null,
       changed_by_role text not null,
       changed_at timestamptz not null,
       client_id text not null,
       approval_id uuid,
       decided_by_name text,
       effective_at timestamptz,
       pos bigint,
       constraint policy_version_pk primary key (id),
       constraint policy_version_number unique (name, scope_kind, scope_id, version),
       constraint policy_version_asked_once unique (changed_by, client_id),
       constraint policy_version_state_check check (state in ('asked', 'set', 'refused', 'expired')),
       constraint policy_version_scope_check
         check (scope_kind in ('installation', 'department', 'conversation', 'person')),
       constraint policy_version_set check ((state = 'set') = (effective_at is not null and pos is not null))
     )`,
    `create unique index policy_version_waiting on governance.policy_version (name, scope_kind, scope_id)
       where state = 'asked'`,
    `create unique index policy_version_pos on governance.policy_version (pos) where pos is not null`,
    `create index policy_version_changed_at on governance.policy_version (name, changed_at, id)`,
    `create index policy_version_approval on governance.policy_version (approval_id) where approval_id is not null`,
    `grant select, insert, update on governance.policy_version to chancery_app`,
  ];
}
