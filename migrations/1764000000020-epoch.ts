import { SqlMigration } from './sql-migration.js';

/** The application may give its logs a new epoch, never a chosen one, and only once for each it knows. */
export class Epoch1764000000020 extends SqlMigration {
  protected readonly statements = [
    `create function persistence.renew_epoch(known text) returns text
     language sql security definer set search_path = pg_catalog as $$
       update persistence.installation set epoch = replace(gen_random_uuid()::text, '-', '') where epoch = known;
       select epoch from persistence.installation
     $$`,
    `revoke all on function persistence.renew_epoch from public`,
    `grant execute on function persistence.renew_epoch to chancery_app`,
  ];
}
