import { SqlMigration } from './sql-migration.js';

/** Exports of conversations: what was asked, what each covers, and its files. */
export class Compliance1764000000008 extends SqlMigration {
  protected readonly statements = [
    `create schema compliance`,
    `create table compliance.export (
       id uuid not null,
       approval_id uuid not null,
       client_id text not null,
       asked_by uuid not null,
       asked_by_name text not null,
       asked_at timestamptz not null,
       expires_at timestamptz not null,
       person_ids uuid[] not null,
       range_from timestamptz not null,
       range_to timestamptz not null,
       reason text not null,
       state text not null check (state in ('asked', 'refused', 'queued', 'running', 'done', 'failed')),
       decided_by uuid,
       decided_by_name text,
       decided_at timestamptz,
       log_pos bigint,
       attempts integer not null default 0,
       conversation_count integer not null default 0,
       event_count bigint not null default 0,
       failure text,
       finished_at timestamptz,
       constraint export_pk primary key (id),
       constraint export_asked_once unique (asked_by, client_id),
       constraint export_range check (range_from < range_to),
       constraint export_decided check ((state = 'asked') = (decided_by is null)),
       constraint export_failed check ((state = 'failed') = (failure is not null))
     )`,
    `create index export_asked_at on compliance.export (asked_at, id)`,
    `create index export_approval on compliance.export (approval_id)`,
    `create index export_to_make on compliance.export (asked_at) where state in ('queued', 'running')`,
    `create table compliance.export_conversation (
       export_id uuid not null,
       conversation_id uuid not null,
       kind text not null check (kind in ('direct', 'group')),
       name text,
       peer_ids uuid[] not null,
       ranges jsonb not null,
       constraint export_conversation_pk primary key (export_id, conversation_id)
     )`,
    `create table compliance.export_file (
       export_id uuid not null,
       name text not null,
       number integer not null,
       object_key text not null,
       upload_ref text,
       sealed_key bytea not null,
       size bigint not null default 0,
       sha256 bytea,
       constraint export_file_pk primary key (export_id, name),
       constraint export_file_finished check ((upload_ref is null) = (sha256 is not null))
     )`,
    `grant usage on schema compliance to chancery_app`,
    `grant select, insert, update on compliance.export to chancery_app`,
    `grant select, insert, delete on compliance.export_conversation to chancery_app`,
    `grant select, insert, update, delete on compliance.export_file to chancery_app`,
  ];
}
