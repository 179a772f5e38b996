import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ConversationKind, MemberRole } from '#contracts';
import { asNumber } from '#persistence';

/** A conversation as of now. Its row is the lock under which its log grows. */
@Entity({ schema: 'messaging', name: 'conversation' })
@Check('conversation_kind_check', `kind in ('direct', 'group', 'account')`)
export class ConversationRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'conversation_pk' })
  id: string;

  @Column('text')
  kind: ConversationKind;

  @Column('text', { nullable: true })
  name: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('bigint', { name: 'head_seq', transformer: asNumber })
  headSeq: number;

  /** Position of the last event: tells without a look at the log whether anything is new. */
  @Column('bigint', { name: 'head_pos', transformer: asNumber })
  headPos: number;

  @Column('timestamptz', { name: 'last_at' })
  lastAt: Date;

  @Column('bigint', { name: 'last_message_seq', nullable: true, transformer: asNumber })
  lastMessageSeq: number | null;

  @Column('timestamptz', { name: 'last_message_at', nullable: true })
  lastMessageAt: Date | null;

  @Column('integer', { name: 'member_count' })
  memberCount: number;

  /** The event that changed the members last; 0 where that was before this was kept. */
  @Column('bigint', { name: 'members_seq', default: 0, transformer: asNumber })
  membersSeq: number;

  @Column('timestamptz', { name: 'dissolved_at', nullable: true })
  dissolvedAt: Date | null;
}

/** The one direct conversation of two people. */
@Entity({ schema: 'messaging', name: 'direct_pair' })
export class DirectPairRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'direct_pair_pk' })
  low: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'direct_pair_pk' })
  high: string;

  @Column('uuid', { name: 'conversation_id' })
  conversationId: string;
}

/** One stay of a person in a conversation. Who comes back has a second row; rows are never deleted. */
@Entity({ schema: 'messaging', name: 'membership' })
@Check('membership_role_check', `role in ('owner', 'member')`)
@Index('membership_person', ['personId'], { where: 'left_seq is null' })
@Index('membership_left', ['personId', 'leftPos'], { where: 'left_seq is not null' })
export class MembershipRow {
  @PrimaryColumn('uuid', { name: 'conversation_id', primaryKeyConstraintName: 'membership_pk' })
  conversationId: string;

  @PrimaryColumn('uuid', { name: 'person_id', primaryKeyConstraintName: 'membership_pk' })
  personId: string;

  /** The event that made the person a member; the first they see. */
  @PrimaryColumn('bigint', {
    name: 'joined_seq',
    primaryKeyConstraintName: 'membership_pk',
    transformer: asNumber,
  })
  joinedSeq: number;

  @Column('bigint', { name: 'joined_pos', transformer: asNumber })
  joinedPos: number;

  /** The event that ended it; the last they see. */
  @Column('bigint', { name: 'left_seq', nullable: true, transformer: asNumber })
  leftSeq: number | null;

  @Column('bigint', { name: 'left_pos', nullable: true, transformer: asNumber })
  leftPos: number | null;

  @Column('text')
  role: MemberRole;

  @Column('bigint', { name: 'read_seq', transformer: asNumber })
  readSeq: number;

  /** Time of the event at readSeq: a bound below which nothing unread lies. */
  @Column('timestamptz', { name: 'read_event_at' })
  readEventAt: Date;
}
