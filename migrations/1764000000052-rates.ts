import { SqlMigration } from './sql-migration.js';

/** Rates that all processes share. */
export class Rates1764000000052 extends SqlMigration {
  protected readonly statements = [
    // What was taken is true for minutes only, so it need not survive a crash of the database.
    `create unlogged table access.rate_bucket (
       subject text not null,
       tokens double precision not null,
       granted integer not null,
       filled_at timestamptz not null,
       constraint rate_bucket_pk primary key (subject)
     )`,
    `create index rate_bucket_filled on access.rate_bucket (filled_at)`,
    `grant select, insert, update, delete on access.rate_bucket to chancery_app`,
  ];
}
