import { SqlMigration } from './sql-migration.js';

/** The event that changed the members of a conversation last: the version of its list of members. */
export class MembersVersion1764000000101 extends SqlMigration {
  protected readonly statements = [
    `alter table messaging.conversation add column members_seq bigint not null default 0`,
  ];
}
