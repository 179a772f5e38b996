import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A step of the schema, written as the SQL that runs. Steps only go forward: what is old goes in a later release. */
export abstract class SqlMigration implements MigrationInterface {
  protected abstract readonly statements: readonly string[];

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('the schema only goes forward; restore a backup to go back'));
  }
}
