import { SqlMigration } from './sql-migration.js';

/** Programs beside people, and what their tokens may do. */
export class Bots1764000000009 extends SqlMigration {
  protected readonly statements = [
    `alter table directory.person add column kind text not null default 'person'`,
    `alter table directory.person add constraint person_kind_check check (kind in ('person', 'bot')) not valid`,
    `alter table directory.person validate constraint person_kind_check`,
    `create index person_bots on directory.person (id) where kind = 'bot'`,
    `create unique index person_bot_name on directory.person (username_key) where kind = 'bot'`,
    `alter table access.session drop constraint session_account_kind_check`,
    `alter table access.session add constraint session_account_kind_check
       check (account_kind in ('person', 'administrator', 'bot')) not valid`,
    `alter table access.session validate constraint session_account_kind_check`,
    `alter table access.session add column scopes text[]`,
    `alter table access.session add column client_id text`,
    `create unique index session_client on access.session (account_id, client_id) where client_id is not null`,
    `create index session_bot on access.session (account_id, id) where account_kind = 'bot'`,
  ];
}
