import { SqlMigration } from './sql-migration.js';

/** Administrators, sessions, failed attempts, and who is connected where. */
export class Access1764000000005 extends SqlMigration {
  protected readonly statements = [
    `create schema access`,
    `create table access.administrator (
       id uuid not null,
       username text not null,
       display_name text not null,
       role text not null check (role in ('system-admin', 'security-admin', 'audit-admin')),
       password_hash text not null,
       created_at timestamptz not null default now(),
       constraint administrator_pk primary key (id),
       constraint administrator_username unique (username)
     )`,
    `create table access.session (
       id uuid not null,
       account_kind text not null check (account_kind in ('person', 'administrator')),
       account_id uuid not null,
       username text not null,
       display_name text not null,
       role text,
       device_name text not null,
       platform text not null,
       address text,
       created_at timestamptz not null,
       used_at timestamptz not null,
       expires_at timestamptz not null,
       refresh_hash bytea not null,
       previous_hash bytea,
       rotated_at timestamptz,
       ended_at timestamptz,
       end_reason text,
       end_pos bigint,
       constraint session_pk primary key (id)
     )`,
    `create index session_account on access.session (account_id) where ended_at is null`,
    `create index session_end on access.session (end_pos) where end_pos is not null`,
    `create table access.failed_attempts (
       subject text not null,
       window_start timestamptz not null,
       count integer not null,
       constraint failed_attempts_pk primary key (subject)
     )`,
    `create index failed_attempts_window on access.failed_attempts (window_start)`,
    // Who is connected is true only while the processes live, so it need not survive a crash of the database.
    `create unlogged table access.gateway (
       id uuid not null,
       seen_at timestamptz not null,
       constraint gateway_pk primary key (id)
     )`,
    `create unlogged table access.presence (
       gateway_id uuid not null,
       person_id uuid not null,
       constraint presence_pk primary key (person_id, gateway_id)
     )`,
    `create index presence_gateway on access.presence (gateway_id)`,
    `grant usage on schema access to chancery_app`,
    `grant select, insert, update, delete on all tables in schema access to chancery_app`,
  ];
}
