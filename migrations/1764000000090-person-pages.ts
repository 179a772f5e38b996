import { SqlMigration } from './sql-migration.js';

/** Leaves room on the pages of people: another title or number is written there, and no index is touched. */
export class PersonPages1764000000090 extends SqlMigration {
  protected readonly statements = [`alter table directory.person set (fillfactor = 90)`];
}
