import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { DirectorySource, DirectorySourceSettings } from '#contracts';

/** A directory that people come from. Rows without an origin are none: bots belong to one. */
@Entity({ schema: 'directory', name: 'source' })
@Unique('source_name', ['name'])
@Unique('source_client', ['clientId'])
@Check('source_state_check', `state in ('active', 'paused')`)
@Check('source_origin_check', `origin in ('settings', 'console')`)
@Check(
  'source_settings_whole',
  '(origin is null) = (settings is null) and (origin is null) = (bind_password is null)',
)
export class SourceRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'source_pk' })
  id: string;

  @Column('text')
  name: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  /** A paused one is not synchronised; its people sign in as before. */
  @Column('text', { default: 'active' })
  state: DirectorySource['state'];

  @Column('text', { nullable: true })
  origin: DirectorySource['origin'] | null;

  @Column('integer', { default: 100 })
  precedence: number;

  @Column('jsonb', { nullable: true })
  settings: DirectorySourceSettings | null;

  /** Sealed. */
  @Column('bytea', { name: 'bind_password', nullable: true })
  bindPassword: Buffer | null;

  /** Of the request that added it. */
  @Column('text', { name: 'client_id', nullable: true })
  clientId: string | null;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;
}
