import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { asNumber } from '#persistence';

/** A person as of now. Nobody is ever deleted: who left is inactive, and their words keep their name. */
@Entity({ schema: 'directory', name: 'person' })
@Unique('person_external', ['sourceId', 'externalId'])
@Index('person_username', ['usernameKey'])
@Index('person_staff_number', { synchronize: false })
@Index('person_terms', { synchronize: false })
@Index('person_order', ['rank', 'sortKey', 'id'])
@Index('person_bots', ['id'], { where: `kind = 'bot'` })
@Index('person_bot_name', ['usernameKey'], { unique: true, where: `kind = 'bot'` })
@Check('person_kind_check', `kind in ('person', 'bot')`)
export class PersonRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'person_pk' })
  id: string;

  @Column('uuid', { name: 'source_id' })
  sourceId: string;

  @Column('bytea', { name: 'external_id' })
  externalId: Buffer;

  /** Bots are local: no source knows them. */
  @Column('text', { default: 'person' })
  kind: 'person' | 'bot';

  @Column('text')
  username: string;

  /** The user name without regard to case. */
  @Column('text', { name: 'username_key' })
  usernameKey: string;

  @Column('text', { name: 'distinguished_name' })
  distinguishedName: string;

  @Column('text', { name: 'display_name' })
  displayName: string;

  @Column('text', { name: 'given_name', nullable: true })
  givenName: string | null;

  @Column('text', { nullable: true })
  title: string | null;

  @Column('integer')
  rank: number;

  @Column('text', { name: 'staff_number', nullable: true })
  staffNumber: string | null;

  @Column('text', { nullable: true })
  email: string | null;

  @Column('text', { nullable: true })
  phone: string | null;

  @Column('text', { nullable: true })
  mobile: string | null;

  /** Department of the main post. */
  @Column('uuid', { name: 'department_id', nullable: true })
  departmentId: string | null;

  @Column('uuid', { name: 'manager_id', nullable: true })
  managerId: string | null;

  /** Digest of the photo, its name in the object store. */
  @Column('text', { nullable: true })
  photo: string | null;

  @Column('text', { name: 'photo_type', nullable: true })
  photoType: string | null;

  @Column('boolean')
  active: boolean;

  @Column('text', { name: 'sort_key' })
  sortKey: string;

  @Column('tsvector', { select: false })
  terms: string;

  /** Digest of everything read from the directory, so that a run without changes compares one value a person. */
  @Column('text')
  fingerprint: string;

  /** The directory's own time stamp of the entry. */
  @Column('text')
  stamp: string;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt: Date;
}

/** A post of a person in a department. */
@Entity({ schema: 'directory', name: 'post' })
@Index('post_department', ['departmentId'])
export class PostRow {
  @PrimaryColumn('uuid', { name: 'person_id', primaryKeyConstraintName: 'post_pk' })
  personId: string;

  @PrimaryColumn('uuid', { name: 'department_id', primaryKeyConstraintName: 'post_pk' })
  departmentId: string;

  @Column('text', { nullable: true })
  title: string | null;

  @Column('boolean')
  main: boolean;

  @Column('integer')
  position: number;
}

/** What a person was from a position of the log on, until their next version. */
@Entity({ schema: 'directory', name: 'person_version' })
@Index('person_version_person', ['personId', 'pos'])
export class PersonVersionRow {
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'person_version_pk', transformer: asNumber })
  pos: number;

  @Column('uuid', { name: 'person_id' })
  personId: string;

  @Column('timestamptz')
  at: Date;

  @Column('text')
  change: 'added' | 'changed' | 'disabled' | 'enabled' | 'gone';

  @Column('jsonb')
  attributes: Record<string, unknown>;
}
