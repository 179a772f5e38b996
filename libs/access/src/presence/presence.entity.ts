import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A process that holds connections. One that was not seen for a while is dead, and nobody is connected to it. */
@Entity({ schema: 'access', name: 'gateway' })
export class GatewayRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'gateway_pk' })
  id: string;

  @Column('timestamptz', { name: 'seen_at' })
  seenAt: Date;
}

/** Somebody has a connection to a gateway. */
@Entity({ schema: 'access', name: 'presence' })
@Index('presence_gateway', ['gatewayId'])
export class PresenceRow {
  @PrimaryColumn('uuid', { name: 'person_id', primaryKeyConstraintName: 'presence_pk' })
  personId: string;

  @PrimaryColumn('uuid', { name: 'gateway_id', primaryKeyConstraintName: 'presence_pk' })
  gatewayId: string;
}
