import { Injectable } from '@nestjs/common';
import type { ConversationKind, MemberRole } from '#contracts';
import { Database, type Transaction } from '#persistence';
import { ConversationRow } from './conversation.entity.js';

/** A conversation as one of its people sees it now. */
export interface SeenConversation {
  id: string;
  kind: ConversationKind;
  name: string | null;
  peerId: string | null;
  role: MemberRole;
  memberCount: number;
  dissolved: boolean;
  joinedSeq: number;
  leftSeq: number | null;
  headSeq: number;
  readSeq: number;
  unread: number;
  mentions: number;
  lastMessageSeq: number | null;
  lastMessageAt: Date | null;
  createdAt: Date;
  /** Department whose people are the members. */
  follows: { departmentId: string; withBelow: boolean } | null;
  /** What the list is sorted by, in milliseconds. */
  sortAt: number;
}

/** Conversations as such, and as their people see them. */
@Injectable()
export class ConversationsStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** A conversation without events yet; nobody sees it before the commit. */
  insert(
    tx: Transaction,
    conversation: { id: string; kind: ConversationKind; name: string | null },
  ): Promise<void> {
    return tx.insert(ConversationRow, {
      ...conversation,
      createdAt: new Date(),
      headSeq: 0,
      headPos: 0,
      lastAt: new Date(0),
      lastMessageSeq: null,
      lastMessageAt: null,
      memberCount: 0,
      dissolvedAt: null,
    });
  }

  /** Claims the direct conversation of two people for an id. @returns the id that has it, which may be another */
  async claimDirect(
    tx: Transaction,
    pair: readonly [string, string],
    conversationId: string,
  ): Promise<string> {
    const [low, high] = pair.toSorted();
    // Whoever claims the same pair at this moment waits here for the other's commit.
    await tx.query(
      'insert into messaging.direct_pair (low, high, conversation_id) values ($1, $2, $3) on conflict do nothing',
      [low, high, conversationId],
    );
    const [row] = await tx.query<{ conversationId: string }>(
      'select conversation_id as "conversationId" from messaging.direct_pair where low = $1 and high = $2',
      [low, high],
    );
    return row!.conversationId;
  }

  /** The direct conversation of two people, where there is one. */
  async directOf(pair: readonly [string, string]): Promise<string | undefined> {
    const [row] = await this.database.query<{ id: string }>(
      'select conversation_id as id from messaging.direct_pair where low = $1 and high = $2',
      pair.toSorted(),
    );
    return row?.id;
  }

  async rename(tx: Transaction, id: string, name: string): Promise<void> {
    await tx.query('update messaging.conversation set name = $2 where id = $1', [id, name]);
  }

  async dissolve(tx: Transaction, id: string, at: Date): Promise<void> {
    await tx.query('update messaging.conversation set dissolved_at = $2 where id = $1', [id, at]);
  }

  /** A person's conversations, latest message first. */
  page(personId: string, after: (string | number)[] | undefined, limit: number): Promise<SeenConversation[]> {
    const [sortAt, id] = after ?? [null, null];
    return this.database.query<SeenConversation>(pageSql, [personId, sortAt, id, limit]);
  }

  /** One conversation by the latest stay of a person. */
  async one(personId: string, id: string): Promise<SeenConversation | undefined> {
    const [row] = await this.database.query<SeenConversation>(oneSql, [personId, id]);
    return row;
  }
}

const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::bigint`;
const sortAt = `coalesce(c.last_message_at, c.created_at)`;

const listed = `
  c.id, c.kind, c.name, c.member_count as "memberCount", c.dissolved_at is not null as dissolved,
  c.head_seq as "headSeq", c.last_message_seq as "lastMessageSeq", c.last_message_at as "lastMessageAt",
  c.created_at as "createdAt", ${ms(sortAt)} as "sortAt",
  m.role, m.joined_seq as "joinedSeq", m.left_seq as "leftSeq", m.read_seq as "readSeq", m.read_event_at as "readEventAt"`;

// Unread are messages by others after the read mark; the time of the event marked as read bounds the partitions.
const counted = `
  select mine.*,
    case when kind = 'group' then
      (select jsonb_build_object('departmentId', g.department_id, 'withBelow', g.with_below) from messaging.department_group g
        where g.conversation_id = mine.id and g.ended_at is null) end as follows,
    case when kind = 'direct' then
      (select p.person_id from messaging.membership p
        where p.conversation_id = mine.id and p.person_id <> $1 limit 1) end as "peerId",
    (select count(*) from (
      select from messaging.event e
       where e.conversation_id = mine.id and e.seq > mine."readSeq" and e.at >= mine."readEventAt"
         and (mine."leftSeq" is null or e.seq <= mine."leftSeq")
         and e.type = 'message.created' and e.actor_id <> $1
         and not exists (select from messaging.message_state s where s.message_id = e.message_id and s.state is not null)
       limit 100) as capped) as unread,
    (select count(*) from (
      select from messaging.mention t
       where t.person_id = $1 and t.conversation_id = mine.id and t.seq > mine."readSeq" limit 100) as capped) as mentions
    from mine`;

const pageSql = `
  with mine as (
    select ${listed}
      from messaging.membership m join messaging.conversation c on c.id = m.conversation_id
     where m.person_id = $1 and m.left_seq is null and c.kind <> 'account'
       and ($2::bigint is null or (${ms(sortAt)}, c.id) < ($2::bigint, $3::uuid))
     order by ${ms(sortAt)} desc, c.id desc limit $4)
  ${counted} order by "sortAt" desc, id desc`;

const oneSql = `
  with mine as (
    select ${listed}
      from messaging.membership m join messaging.conversation c on c.id = m.conversation_id
     where m.person_id = $1 and m.conversation_id = $2 and c.kind <> 'account'
     order by m.joined_seq desc limit 1)
  ${counted}`;
