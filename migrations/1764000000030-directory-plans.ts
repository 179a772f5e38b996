import { SqlMigration } from './sql-migration.js';

/**
 * Directories as rows, and plans of synchronisations as rows: viewed, approved, applied step by step, taken back.
 * Rows of `source` without an origin are no directories: bots belong to one.
 */
export class DirectoryPlans1764000000030 extends SqlMigration {
  protected readonly statements = [
    `alter table directory.source
       add column state text not null default 'active'
         constraint source_state_check check (state in ('active', 'paused')),
       add column origin text
         constraint source_origin_check check (origin in ('settings', 'console')),
       add column precedence integer not null default 100,
       add column settings jsonb,
       add column bind_password bytea,
       add column client_id text,
       add column changed_at timestamptz not null default now(),
       add constraint source_settings_whole check (
         (origin is null) = (settings is null) and (origin is null) = (bind_password is null)),
       add constraint source_client unique (client_id)`,
    `alter table directory.sync_run
       drop constraint sync_run_state_check,
       add constraint sync_run_state_check check (
         state in ('running', 'waiting', 'applying', 'done', 'failed', 'refused', 'superseded')),
       add column kind text not null default 'full'
         constraint sync_run_kind_check check (kind in ('full', 'dry', 'undo')),
       add column stops jsonb not null default '[]',
       add column change_count integer not null default 0,
       add column skipped_count integer not null default 0,
       add column read_ms integer not null default 0,
       add column apply_ms integer not null default 0,
       add column digest text,
       add column approval_id uuid,
       add column approval_client_id text,
       add column undoes uuid`,
    `create index sync_run_unfinished on directory.sync_run (source_id)
       where state in ('running', 'waiting', 'applying')`,
    `create table directory.sync_change (
       run_id uuid not null,
       ordinal integer not null,
       subject text not null constraint sync_change_subject_check check (subject in ('person', 'department')),
       subject_id uuid not null,
       name text not null,
       change text not null
         constraint sync_change_change_check check (change in ('added', 'changed', 'disabled', 'enabled', 'gone')),
       before jsonb,
       after jsonb not null,
       state text not null default 'planned'
         constraint sync_change_state_check check (state in ('planned', 'applied', 'skipped')),
       constraint sync_change_pk primary key (run_id, ordinal)
     )`,
    `create index sync_change_planned on directory.sync_change (run_id, ordinal) where state = 'planned'`,
    `grant select, insert, update, delete on directory.sync_change to chancery_app`,
  ];
}
