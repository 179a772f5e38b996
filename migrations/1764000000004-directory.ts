import { SqlMigration } from './sql-migration.js';

/** People, departments and posts as of now, every version of them since the first sync, and the runs. */
export class Directory1764000000004 extends SqlMigration {
  protected readonly statements = [
    `create schema directory`,
    `create table directory.source (
       id uuid not null,
       name text not null,
       created_at timestamptz not null default now(),
       constraint source_pk primary key (id),
       constraint source_name unique (name)
     )`,
    `create table directory.department (
       id uuid not null,
       source_id uuid not null,
       external_id bytea not null,
       parent_id uuid,
       name text not null,
       position integer not null,
       active boolean not null,
       child_count integer not null default 0,
       people_count integer not null default 0,
       constraint department_pk primary key (id),
       constraint department_external unique (source_id, external_id)
     )`,
    `create index department_parent on directory.department (parent_id, position, name)`,
    `create table directory.person (
       id uuid not null,
       source_id uuid not null,
       external_id bytea not null,
       username text not null,
       username_key text not null,
       distinguished_name text not null,
       display_name text not null,
       given_name text,
       title text,
       rank integer not null,
       staff_number text,
       email text,
       phone text,
       mobile text,
       department_id uuid,
       manager_id uuid,
       photo text,
       photo_type text,
       active boolean not null,
       sort_key text not null,
       terms tsvector not null,
       fingerprint text not null,
       stamp text not null,
       changed_at timestamptz not null,
       constraint person_pk primary key (id),
       constraint person_external unique (source_id, external_id)
     )`,
    `create index person_username on directory.person (username_key)`,
    `create index person_terms on directory.person using gin (terms)`,
    `create index person_order on directory.person (rank, sort_key, id)`,
    `create table directory.post (
       person_id uuid not null,
       department_id uuid not null,
       title text,
       main boolean not null,
       position integer not null,
       constraint post_pk primary key (person_id, department_id)
     )`,
    `create index post_department on directory.post (department_id)`,
    `create table directory.person_version (
       pos bigint not null,
       person_id uuid not null,
       at timestamptz not null,
       change text not null,
       attributes jsonb not null,
       constraint person_version_pk primary key (pos)
     )`,
    `create index person_version_person on directory.person_version (person_id, pos)`,
    `create table directory.department_version (
       pos bigint not null,
       department_id uuid not null,
       at timestamptz not null,
       change text not null,
       attributes jsonb not null,
       constraint department_version_pk primary key (pos)
     )`,
    `create index department_version_department on directory.department_version (department_id, pos)`,
    `create table directory.sync_run (
       id uuid not null,
       source_id uuid not null,
       state text not null check (state in ('running', 'done', 'failed')),
       started_at timestamptz not null,
       finished_at timestamptz,
       counts jsonb not null,
       problem_count integer not null default 0,
       problems jsonb not null default '[]',
       failure text,
       constraint sync_run_pk primary key (id)
     )`,
    `create index sync_run_started on directory.sync_run (started_at, id)`,
    `grant usage on schema directory to chancery_app`,
    `grant select, insert, update, delete on directory.source, directory.department, directory.person,
       directory.post, directory.sync_run to chancery_app`,
    `grant select, insert on directory.person_version, directory.department_version to chancery_app`,
  ];
}
