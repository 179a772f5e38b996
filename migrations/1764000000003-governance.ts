import { SqlMigration } from './sql-migration.js';

/** Requests that a second person decides. */
export class Governance1764000000003 extends SqlMigration {
  protected readonly statements = [
    `create schema governance`,
    `create table governance.approval (
       id uuid not null,
       operation text not null,
       subject jsonb not null,
       reason text not null,
       state text not null check (state in ('asked', 'approved', 'refused')),
       asked_by uuid not null,
       asked_by_name text not null,
       asked_at timestamptz not null,
       expires_at timestamptz not null,
       decided_by uuid,
       decided_by_name text,
       decided_at timestamptz,
       decision_client_id text,
       note text,
       constraint approval_pk primary key (id),
       constraint approval_by_another check (decided_by <> asked_by),
       constraint approval_decided check ((state = 'asked') = (decided_by is null))
     )`,
    `create index approval_asked_at on governance.approval (asked_at, id)`,
    `grant usage on schema governance to chancery_app`,
    `grant select, insert, update on governance.approval to chancery_app`,
  ];
}
