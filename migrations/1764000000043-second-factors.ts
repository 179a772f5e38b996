import { SqlMigration } from './sql-migration.js';

/** Second factors, sign-ins that wait for one, and when a session last proved who sits there. */
export class SecondFactors1764000000043 extends SqlMigration {
  protected readonly statements = [
    `create table access.factor (
       id uuid not null,
       account_id uuid not null,
       account_kind text not null,
       kind text not null,
       name text not null,
       secret bytea,
       last_step bigint,
       credential_id text,
       public_key bytea,
       counter bigint,
       transports text[],
       created_at timestamptz not null default now(),
       used_at timestamptz,
       client_id text,
       constraint factor_pk primary key (id),
       constraint factor_account_kind_check check (account_kind in ('person', 'administrator')),
       constraint factor_kind_check check (kind in ('totp', 'passkey')),
       constraint factor_totp_check check ((kind = 'totp') = (secret is not null)),
       constraint factor_passkey_check check (
         (kind = 'passkey') = (credential_id is not null and public_key is not null and counter is not null))
     )`,
    `create index factor_account on access.factor (account_id)`,
    `create unique index factor_credential on access.factor (account_id, credential_id) where credential_id is not null`,
    `create unique index factor_client on access.factor (account_id, client_id) where client_id is not null`,
    `create table access.recovery_code (
       account_id uuid not null,
       hash bytea not null,
       used_at timestamptz,
       constraint recovery_code_pk primary key (account_id, hash)
     )`,
    `create table access.factor_challenge (
       subject_id uuid not null,
       purpose text not null,
       challenge text not null,
       secret bytea,
       expires_at timestamptz not null,
       constraint factor_challenge_pk primary key (subject_id, purpose)
     )`,
    `create index factor_challenge_expiry on access.factor_challenge (expires_at)`,
    `create table access.pending_sign_in (
       id uuid not null,
       token_hash bytea not null,
       account_kind text not null,
       account_id uuid not null,
       username text not null,
       display_name text not null,
       role text,
       device_name text not null,
       platform text not null,
       address text,
       enrols boolean not null,
       tries integer not null,
       created_at timestamptz not null,
       expires_at timestamptz not null,
       constraint pending_sign_in_pk primary key (id),
       constraint pending_sign_in_account_kind_check check (account_kind in ('person', 'administrator')),
       constraint pending_sign_in_role_check check ((account_kind = 'administrator') = (role is not null))
     )`,
    `create index pending_sign_in_expiry on access.pending_sign_in (expires_at)`,
    `grant select, insert, update, delete on access.factor, access.recovery_code, access.factor_challenge,
       access.pending_sign_in to chancery_app`,
    `alter table access.session add column proved_at timestamptz`,
  ];
}
