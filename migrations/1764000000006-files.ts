import { SqlMigration } from './sql-migration.js';

/** Files, their uploads while they last, and the messages that refer to them. */
export class Files1764000000006 extends SqlMigration {
  protected readonly statements = [
    `create schema files`,
    `create table files.file (
       id uuid not null,
       owner_id uuid not null,
       name text not null,
       size bigint not null,
       media_type text,
       width integer,
       height integer,
       sha256 bytea,
       state text not null check (state in ('uploading', 'ready')),
       received bigint not null default 0,
       object_key text not null,
       upload_ref text,
       key_bucket date not null,
       sealed_key bytea not null,
       created_at timestamptz not null,
       constraint file_pk primary key (id)
     )`,
    `create index file_uploading on files.file (created_at) where state = 'uploading'`,
    `create table files.upload_part (
       file_id uuid not null,
       number integer not null,
       size bigint not null,
       tag text not null,
       constraint upload_part_pk primary key (file_id, number)
     )`,
    `create table files.reference (
       file_id uuid not null,
       conversation_id uuid not null,
       message_id uuid not null,
       seq bigint not null,
       constraint reference_pk primary key (file_id, message_id)
     )`,
    `create index reference_conversation on files.reference (conversation_id, seq)`,
    `grant usage on schema files to chancery_app`,
    `grant select, insert, update, delete on files.file, files.upload_part to chancery_app`,
    `grant select, insert on files.reference to chancery_app`,
  ];
}
