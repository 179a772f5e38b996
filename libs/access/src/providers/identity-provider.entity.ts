import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { IdentityProviderSettings } from '#contracts';
import type { Claims } from './claims.js';

/** A provider of OpenID Connect or SAML, as the system administrator set it up. */
@Entity({ schema: 'access', name: 'identity_provider' })
@Unique('identity_provider_name', ['name'])
@Unique('identity_provider_client', ['clientId'])
export class IdentityProviderRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'identity_provider_pk' })
  id: string;

  @Column('text')
  name: string;

  @Column('boolean')
  active: boolean;

  @Column('jsonb')
  settings: IdentityProviderSettings;

  /** Sealed; null for a public client. */
  @Column('bytea', { nullable: true })
  secret: Buffer | null;

  @Column('integer')
  version: number;

  /** Of the request that added it, with its asker. */
  @Column('text', { name: 'client_id' })
  clientId: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}

/** Whose an account of a provider is. The issuer and its subject are all that tells, never a mail address. */
@Entity({ schema: 'access', name: 'identity' })
@Index('identity_person', ['personId', 'issuer'], { unique: true })
@Check('identity_linked_by_check', `linked_by in ('claim', 'administrator')`)
export class IdentityRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'identity_pk' })
  issuer: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'identity_pk' })
  subject: string;

  @Column('uuid', { name: 'person_id' })
  personId: string;

  @Column('uuid', { name: 'provider_id' })
  providerId: string;

  @Column('text', { name: 'linked_by' })
  linkedBy: 'claim' | 'administrator';

  @Column('timestamptz', { name: 'linked_at', default: () => 'now()' })
  linkedAt: Date;
}

/** A browser that was sent to a provider. What it must bring back is derived from a secret that only it has. */
@Entity({ schema: 'access', name: 'provider_sign_in' })
@Index('provider_sign_in_expiry', ['expiresAt'])
export class ProviderSignInRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'provider_sign_in_pk' })
  id: string;

  @Column('uuid', { name: 'provider_id' })
  providerId: string;

  @Column('bytea', { name: 'secret_hash' })
  secretHash: Buffer;

  /** Of what the browser must bring along that posted the answer, where that comes apart from it. */
  @Column('bytea', { name: 'answer_hash', nullable: true })
  answerHash: Buffer | null;

  /** What the answer says. */
  @Column('jsonb', { nullable: true })
  claims: Claims | null;

  /** Who came back; null while nobody has. */
  @Column('uuid', { name: 'person_id', nullable: true })
  personId: string | null;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
