import { SqlMigration } from './sql-migration.js';

/** How far each directory has been read, so that only what changed since has to be read again. */
export class Readings1764000000080 extends SqlMigration {
  protected readonly statements = [
    `create table directory.reading (
       source_id uuid not null,
       digest text,
       server text,
       mark text,
       members text,
       marked_at timestamptz,
       looked_at timestamptz,
       fault text,
       constraint reading_pk primary key (source_id),
       constraint reading_whole check (
         (digest is null) = (server is null) and (digest is null) = (mark is null)
         and (digest is null) = (members is null) and (digest is null) = (marked_at is null))
     )`,
    `grant select, insert, update, delete on directory.reading to chancery_app`,
    `alter table directory.sync_run
       drop constraint sync_run_kind_check,
       add constraint sync_run_kind_check check (kind in ('full', 'incremental', 'dry', 'undo')) not valid`,
    `alter table directory.sync_run validate constraint sync_run_kind_check`,
    `update directory.source
        set settings = jsonb '{"peopleGroups": [], "lookSeconds": null}' || settings where settings is not null`,
  ];
}
