import { SqlMigration } from './sql-migration.js';

/** The application's role, heads of the two logs, the epoch, stored positions of readers. */
export class Persistence1764000000001 extends SqlMigration {
  protected readonly statements = [
    // Roles belong to the whole server, so another database of ours may have made them already.
    `do $$ begin
       create role chancery_app nologin;
     exception when duplicate_object or unique_violation then null;
     end $$`,
    `grant chancery_app to current_user`,
    `create schema persistence`,
    `create table persistence.log_head (
       id smallint primary key,
       pos bigint not null,
       at timestamptz not null
     ) with (fillfactor = 10)`,
    `insert into persistence.log_head values (0, 0, '1970-01-01Z'), (1, 0, '1970-01-01Z')`,
    `create table persistence.installation (
       id smallint primary key check (id = 1),
       epoch text not null,
       created_at timestamptz not null default now()
     )`,
    `insert into persistence.installation (id, epoch) values (1, replace(gen_random_uuid()::text, '-', ''))`,
    `create table persistence.log_reader (
       name text primary key,
       pos bigint not null
     )`,
    `grant usage on schema persistence to chancery_app`,
    `grant select, update on persistence.log_head to chancery_app`,
    `grant select on persistence.installation to chancery_app`,
    `grant select, insert, update on persistence.log_reader to chancery_app`,
  ];
}
