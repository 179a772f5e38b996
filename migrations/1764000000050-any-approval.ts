import { SqlMigration } from './sql-migration.js';

/** Requests of any operation, used once; an administrator's account is of one person, and a person has one at most. */
export class AnyApproval1764000000050 extends SqlMigration {
  protected readonly statements = [
    `alter table governance.approval
       add column asked_by_role text,
       add column asked_by_person uuid,
       add column decided_by_role text,
       add column decided_by_person uuid,
       add column usable_until timestamptz,
       add column used_at timestamptz,
       drop constraint approval_state_check`,
    `update governance.approval set asked_by_role = 'audit-admin',
       decided_by_role = case when decided_by is not null then 'security-admin' end`,
    `alter table governance.approval
       alter column asked_by_role set not null,
       add constraint approval_state_check check (state in ('asked', 'approved', 'refused', 'used')),
       add constraint approval_by_another_person check (decided_by_person <> asked_by_person),
       add constraint approval_decided_role check ((decided_by is null) = (decided_by_role is null)),
       add constraint approval_used check ((state = 'used') = (used_at is not null))`,
    `update governance.approval a set state = 'used', used_at = e.finished_at
       from compliance.export e where e.approval_id = a.id and e.state = 'done'`,
    `alter table access.administrator add column person_id uuid`,
    `create unique index administrator_person on access.administrator (person_id) where person_id is not null`,
  ];
}
