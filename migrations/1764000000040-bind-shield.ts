import { SqlMigration } from './sql-migration.js';

/** Binds of people at their directory, counted below its own lockout; and people by their staff number. */
export class BindShield1764000000040 extends SqlMigration {
  protected readonly statements = [
    `create table access.bind_shield (
       person_id uuid not null,
       refused bigint not null,
       forgiven bigint not null,
       pending integer not null,
       last_at timestamptz not null,
       constraint bind_shield_pk primary key (person_id)
     )`,
    `grant select, insert, update, delete on access.bind_shield to chancery_app`,
    `create index person_staff_number on directory.person (lower(staff_number))
       where staff_number is not null and kind = 'person'`,
  ];
}
