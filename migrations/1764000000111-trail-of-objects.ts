import { SqlMigration } from './sql-migration.js';

/** What was done to one object: who uploaded, saw and took a file. */
export class TrailOfObjects1764000000111 extends SqlMigration {
  protected readonly statements = [
    `create index entry_object on audit.entry (object_id, pos) where object_id is not null`,
  ];
}
