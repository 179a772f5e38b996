import { SqlMigration } from './sql-migration.js';

/** Identity providers, whom their accounts belong to, and sign-ins that are under way at one. */
export class IdentityProviders1764000000044 extends SqlMigration {
  protected readonly statements = [
    `create table access.identity_provider (
       id uuid not null,
       name text not null,
       active boolean not null,
       settings jsonb not null,
       secret bytea,
       version integer not null,
       client_id text not null,
       created_at timestamptz not null default now(),
       constraint identity_provider_pk primary key (id),
       constraint identity_provider_name unique (name),
       constraint identity_provider_client unique (client_id)
     )`,
    `create table access.identity (
       issuer text not null,
       subject text not null,
       person_id uuid not null,
       provider_id uuid not null,
       linked_by text not null,
       linked_at timestamptz not null default now(),
       constraint identity_pk primary key (issuer, subject),
       constraint identity_linked_by_check check (linked_by in ('claim', 'administrator'))
     )`,
    `create unique index identity_person on access.identity (person_id, issuer)`,
    `create table access.provider_sign_in (
       id uuid not null,
       provider_id uuid not null,
       secret_hash bytea not null,
       person_id uuid,
       expires_at timestamptz not null,
       constraint provider_sign_in_pk primary key (id)
     )`,
    `create index provider_sign_in_expiry on access.provider_sign_in (expires_at)`,
    // For accounts that are matched by mail address when they sign in for the first time.
    `create index person_email on directory.person (lower(email)) where email is not null and kind = 'person'`,
    `grant select, insert, update, delete on access.identity_provider, access.identity, access.provider_sign_in
       to chancery_app`,
  ];
}
