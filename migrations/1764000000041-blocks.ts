import { SqlMigration } from './sql-migration.js';

/** People whom an administrator disabled at once, whatever the directory says. */
export class Blocks1764000000041 extends SqlMigration {
  protected readonly statements = [
    `create table access.block (
       person_id uuid not null,
       at timestamptz not null default now(),
       by_id uuid not null,
       by_name text not null,
       reason text not null,
       constraint block_pk primary key (person_id)
     )`,
    `grant select, insert, update, delete on access.block to chancery_app`,
  ];
}
