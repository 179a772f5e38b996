import { SqlMigration } from './sql-migration.js';

/** A session has a role exactly where its account is an administrator's. */
export class SessionRoles1764000000053 extends SqlMigration {
  protected readonly statements = [
    `alter table access.session
       add constraint session_role_check check ((account_kind = 'administrator') = (role is not null)) not valid`,
    `alter table access.session validate constraint session_role_check`,
  ];
}
