import { SqlMigration } from './sql-migration.js';

/** Answers of SAML are posted by the page of a provider, without our cookies: what they say waits for its browser. */
export class SamlSignIns1764000000102 extends SqlMigration {
  protected readonly statements = [
    `alter table access.provider_sign_in
       add column answer_hash bytea,
       add column claims jsonb`,
  ];
}
