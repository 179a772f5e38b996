import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { EventType } from '#contracts';
import { asNumber } from '#persistence';

/** An event of a conversation: who, when, what kind. What people wrote lies apart, sealed. Partitioned by month. */
@Entity({ schema: 'messaging', name: 'event' })
@Index('event_pos', ['pos'])
@Index('event_id', ['id'])
export class EventRow {
  @PrimaryColumn('uuid', { name: 'conversation_id', primaryKeyConstraintName: 'event_pk' })
  conversationId: string;

  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'event_pk', transformer: asNumber })
  seq: number;

  @PrimaryColumn('timestamptz', { primaryKeyConstraintName: 'event_pk' })
  at: Date;

  @Column('bigint', { transformer: asNumber })
  pos: number;

  @Column('uuid')
  id: string;

  @Column('text')
  type: EventType;

  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId: string | null;

  @Column('text', { name: 'actor_kind' })
  actorKind: 'person' | 'bot' | 'system';

  @Column('text', { name: 'client_id', nullable: true })
  clientId: string | null;

  @Column('uuid', { name: 'message_id', nullable: true })
  messageId: string | null;

  @Column('date', { name: 'content_bucket', nullable: true })
  contentBucket: string | null;

  /** Salted digest of the content: proves it while it is there, tells nothing once it is gone. */
  @Column('bytea', { nullable: true })
  commitment: Buffer | null;

  /** The fields of the event that nobody wrote, as JSON. */
  @Column('bytea', { nullable: true })
  meta: Buffer | null;
}

/** What somebody wrote, sealed. Partitioned by the month in which it expires. */
@Entity({ schema: 'messaging', name: 'content' })
export class ContentRow {
  @PrimaryColumn('uuid', { name: 'message_id', primaryKeyConstraintName: 'content_pk' })
  messageId: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'content_pk' })
  version: number;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'content_pk' })
  bucket: string;

  /** The person whose key seals it. */
  @Column('uuid', { name: 'key_ref' })
  keyRef: string;

  @Column('bytea')
  salt: Buffer;

  @Column('bytea')
  sealed: Buffer;
}

/** What a client's id was used for, for as long as the event is kept. Partitioned by sender. */
@Entity({ schema: 'messaging', name: 'send_key' })
export class SendKeyRow {
  @PrimaryColumn('uuid', { name: 'sender_id', primaryKeyConstraintName: 'send_key_pk' })
  senderId: string;

  @PrimaryColumn('text', { name: 'client_id', primaryKeyConstraintName: 'send_key_pk' })
  clientId: string;

  /** Keyed digest of the request as it was sent. */
  @Column('bytea', { name: 'request_mac' })
  requestMac: Buffer;

  @Column('uuid', { name: 'conversation_id' })
  conversationId: string;

  @Column('bigint', { transformer: asNumber })
  seq: number;

  @Column('uuid', { name: 'message_id', nullable: true })
  messageId: string | null;

  @Column('timestamptz')
  at: Date;
}

/** The first event of a conversation in a month: tells which partitions a stretch of its log lies in. */
@Entity({ schema: 'messaging', name: 'segment' })
export class SegmentRow {
  @PrimaryColumn('uuid', { name: 'conversation_id', primaryKeyConstraintName: 'segment_pk' })
  conversationId: string;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'segment_pk' })
  month: string;

  @Column('bigint', { name: 'first_seq', transformer: asNumber })
  firstSeq: number;
}

/** A message that was changed after it was sent; most have no row. */
@Entity({ schema: 'messaging', name: 'message_state' })
@Index('message_state_conversation', ['conversationId', 'seq'])
@Check('message_state_state_check', `state in ('recalled', 'removed')`)
export class MessageStateRow {
  @PrimaryColumn('uuid', { name: 'message_id', primaryKeyConstraintName: 'message_state_pk' })
  messageId: string;

  @Column('uuid', { name: 'conversation_id' })
  conversationId: string;

  @Column('bigint', { transformer: asNumber })
  seq: number;

  @Column('text', { nullable: true })
  state: 'recalled' | 'removed' | null;

  @Column('integer')
  version: number;
}

/** A message mentions a person. */
@Entity({ schema: 'messaging', name: 'mention' })
export class MentionRow {
  @PrimaryColumn('uuid', { name: 'person_id', primaryKeyConstraintName: 'mention_pk' })
  personId: string;

  @PrimaryColumn('uuid', { name: 'conversation_id', primaryKeyConstraintName: 'mention_pk' })
  conversationId: string;

  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'mention_pk', transformer: asNumber })
  seq: number;
}

/** When a person had read how far, to the minute. */
@Entity({ schema: 'messaging', name: 'read_mark' })
export class ReadMarkRow {
  @PrimaryColumn('uuid', { name: 'conversation_id', primaryKeyConstraintName: 'read_mark_pk' })
  conversationId: string;

  @PrimaryColumn('uuid', { name: 'person_id', primaryKeyConstraintName: 'read_mark_pk' })
  personId: string;

  @PrimaryColumn('timestamptz', { primaryKeyConstraintName: 'read_mark_pk' })
  at: Date;

  @Column('bigint', { transformer: asNumber })
  seq: number;
}
