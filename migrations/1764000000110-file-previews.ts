import { SqlMigration } from './sql-migration.js';

/** Smaller images of files, and which are still to be made. */
export class FilePreviews1764000000110 extends SqlMigration {
  protected readonly statements = [
    `create table files.preview (
       file_id uuid not null,
       form text not null,
       object_key text not null,
       size integer not null,
       width integer not null,
       height integer not null,
       made_at timestamptz not null,
       constraint preview_pk primary key (file_id, form),
       constraint preview_form_check check (form in ('small', 'large'))
     )`,
    `create table files.preview_work (
       file_id uuid not null,
       due timestamptz,
       attempts integer not null default 0,
       obstacle text,
       constraint preview_work_pk primary key (file_id)
     )`,
    `create index preview_work_due on files.preview_work (due) where due is not null`,
    `grant select, insert, update, delete on files.preview, files.preview_work to chancery_app`,
    // Where a scanner has to say something first, whoever does the work lets it wait.
    `insert into files.preview_work (file_id, due)
       select id, now() from files.file
        where state = 'ready' and media_type in ('image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/tiff')`,
  ];
}
