import { SqlMigration } from './sql-migration.js';

/** A request for approval that a client repeats is the same request. */
export class RequestsOnce1764000000103 extends SqlMigration {
  protected readonly statements = [
    `alter table governance.approval
       add column asked_client_id text,
       add column asked_request text`,
    `create unique index approval_asked_once on governance.approval (asked_by, asked_client_id)
      where asked_client_id is not null`,
  ];
}
