import { SqlMigration } from './sql-migration.js';

/** Finds people by the names of their departments. The terms are made by the directory's own index job. */
export class PeopleSearch1764000000060 extends SqlMigration {
  protected readonly statements = [
    `create table directory.department_terms (
       department_id uuid not null,
       name text not null,
       terms tsvector not null,
       constraint department_terms_pk primary key (department_id)
     )`,
    `create index department_terms_terms on directory.department_terms using gin (terms)`,
    `grant select, insert, update, delete on directory.department_terms to chancery_app`,
  ];
}
