import { SqlMigration } from './sql-migration.js';

/** What a scanner says of each file, when it looks again, and room that people take. */
export class FileScans1764000000070 extends SqlMigration {
  protected readonly statements = [
    `alter table files.file
       add column scan text not null default 'pending',
       add column scan_due timestamptz,
       add column scan_attempts integer not null default 0,
       add column scanned_with text,
       add column finding text`,
    `alter table files.file add constraint file_scan_check
       check (scan in ('pending', 'clean', 'infected', 'error', 'too_large')) not valid`,
    `alter table files.file validate constraint file_scan_check`,
    `update files.file set scan_due = now() where state = 'ready'`,
    `create index file_scan_pending on files.file (scan_due) where scan = 'pending' and scan_due is not null`,
    `create index file_scan_again on files.file (scan_due) where scan <> 'pending' and scan_due is not null`,
    `create index file_scanned_with on files.file (scanned_with) where scan_due is null`,
    `create index file_owner on files.file (owner_id)`,
    `create table files.quarantine (
       file_id uuid not null,
       found_at timestamptz not null,
       finding text not null,
       told boolean not null default false,
       constraint quarantine_pk primary key (file_id)
     )`,
    `create index quarantine_found on files.quarantine (found_at, file_id)`,
    `grant select, insert, update on files.quarantine to chancery_app`,
  ];
}
