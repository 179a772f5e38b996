import { SqlMigration } from './sql-migration.js';

/**
 * A change of a plan is marked as done on the page where it stands, which has room for it, and in no index. What is
 * added to the index of people's terms is collected, and sorted in at once when a plan is applied: by this function,
 * because only its owner may.
 */
export class PlanPages1764000000091 extends SqlMigration {
  protected readonly statements = [
    `drop index directory.sync_change_planned`,
    `alter table directory.sync_change set (fillfactor = 50)`,
    `alter index directory.person_terms set (gin_pending_list_limit = 32768)`,
    `create function directory.settle_terms() returns void language sql security definer set search_path = pg_catalog as $$
       select gin_clean_pending_list('directory.person_terms')
     $$`,
    `revoke execute on function directory.settle_terms() from public`,
    `grant execute on function directory.settle_terms() to chancery_app`,
  ];
}
