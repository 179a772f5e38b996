import { SqlMigration } from './sql-migration.js';

/** Checks of passwords, counted by account below its own lockout; and people by their staff number. */
export class BindShield1764000000040 extends SqlMigration {
  protected readonly statements = [
    `create table access.bind_shield (
       account_id uuid not null,
       refused bigint not null,
       forgiven bigint not null,
       pending integer not null,
       last_at timestamptz not null,
       constraint bind_shield_pk primary key (account_id)
     )`,
    `create index bind_shield_last on access.bind_shield (last_at)`,
    `grant select, insert, update, delete on access.bind_shield to chancery_app`,
    `create index person_staff_number on directory.person (lower(staff_number))
       where staff_number is not null and kind = 'person'`,
  ];
}
