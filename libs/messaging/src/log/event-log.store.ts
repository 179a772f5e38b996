import { Injectable } from '@nestjs/common';
import type { MemberRole } from '#contracts';
import type { Transaction } from '#persistence';
import {
  clockSlackMs,
  type EventRecord,
  type LockedConversation,
  type NewEvent,
  type Standing,
} from './event.js';

/**
 * The statements under which the log grows. In one transaction, in this order: `open` (or `lock`), decide, `append`.
 * Each statement sees what was committed before it began, so what is read after the locks is true until the commit;
 * positions are the last lock, so they become visible in order.
 */
@Injectable()
export class EventLogStore {
  /** Locks conversations in the order of their ids; those that do not exist are missing from the answer. */
  async lock(tx: Transaction, ids: readonly string[]): Promise<Map<string, LockedConversation>> {
    const rows = await tx.prepared<LockedConversation & { lastAt: number }>('lock-conversations', lockSql, [
      ids,
    ]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Locks the conversations of acts, and reads rights and known repeats after that. */
  async open(tx: Transaction, acts: readonly ActOf[]): Promise<Opened> {
    const rows = await tx.prepared<StandingRow & LockedConversation & { id: string | null }>(
      'lock-and-stand',
      openSql,
      columnsOf(acts),
    );
    const found = rows.filter(({ id }) => id !== null);
    const conversations = new Map(
      found.map(({ id, kind, name, headSeq, lastAt, memberCount, dissolved }) => [
        id,
        { id, kind, name, headSeq, lastAt, memberCount, dissolved },
      ]),
    );
    return { conversations, standings: rows.map(toStanding) };
  }

  /** Rights and known repeats of acts as they are now, without a lock. */
  async standing(tx: Transaction, acts: readonly ActOf[]): Promise<Standing[]> {
    const rows = await tx.prepared<StandingRow>('standing', standingSql, columnsOf(acts));
    return rows.map(toStanding);
  }

  /**
   * Gives events their place and stores them; positions are the last lock, held until the commit. `conversations` is
   * moved on, so that a second call continues.
   */
  async append(
    tx: Transaction,
    conversations: Map<string, LockedConversation>,
    events: readonly NewEvent[],
  ): Promise<EventRecord[]> {
    const batch = new Batch();
    const placed = events.map((event) => {
      const conversation = conversations.get(event.conversationId)!;
      conversation.headSeq += 1;
      batch.add(event, conversation);
      return { event, conversation, seq: conversation.headSeq };
    });
    const [head] = await tx.prepared<Head>('append-events', appendSql, batch.parameters());
    const { first, now, headAt } = head!;
    const records = placed.map(({ event, conversation: { lastAt }, seq }, i) =>
      toRecord(event, seq, first + i, Math.max(now, lastAt, headAt - clockSlackMs)),
    );
    for (const { conversationId, at } of records) conversations.get(conversationId)!.lastAt = at;
    return records;
  }
}

/** Where the log stood when the events were placed; times in milliseconds. */
interface Head {
  first: number;
  now: number;
  headAt: number;
}

/** Who wants to act on which conversation, under which id. */
export interface ActOf {
  conversationId: string;
  personId: string;
  clientId: string;
}

export interface Opened {
  /** Those that exist. */
  conversations: Map<string, LockedConversation>;
  /** In the order of the acts. */
  standings: Standing[];
}

const columnsOf = (acts: readonly ActOf[]): unknown[] => [
  acts.map((act) => act.conversationId),
  acts.map((act) => act.personId),
  acts.map((act) => act.clientId),
];

interface StandingRow {
  role: MemberRole | null;
  joinedSeq: number | null;
  mac: Buffer | null;
  keyConversation: string | null;
  keySeq: number | null;
  keyMessage: string | null;
  keyAt: number | null;
}

const toStanding = (row: StandingRow): Standing => ({
  role: row.role,
  joinedSeq: row.joinedSeq,
  known:
    row.mac === null
      ? null
      : {
          requestMac: row.mac,
          conversationId: row.keyConversation!,
          seq: row.keySeq!,
          messageId: row.keyMessage,
          at: row.keyAt!,
        },
});

function toRecord(event: NewEvent, seq: number, pos: number, at: number): EventRecord {
  return {
    conversationId: event.conversationId,
    seq,
    at,
    pos,
    id: event.id,
    type: event.type,
    actorId: event.actorId,
    actorKind: event.actorKind,
    clientId: event.key?.clientId ?? null,
    messageId: event.messageId ?? null,
    contentBucket: event.content?.bucket ?? null,
    meta: event.meta,
  };
}

/** The columns of one `append`, as arrays. */
class Batch {
  private readonly events: unknown[][] = Array.from({ length: 13 }, () => []);
  private readonly contents: unknown[][] = Array.from({ length: 6 }, () => []);
  private readonly keys: unknown[][] = Array.from({ length: 3 }, () => []);
  private readonly mentions: unknown[][] = Array.from({ length: 3 }, () => []);
  private count = 0;

  /** @param conversation with the seq of this event as its head */
  add(event: NewEvent, { id, headSeq, lastAt }: LockedConversation): void {
    this.count += 1;
    push(this.events, [
      ...[this.count, id, headSeq, lastAt, event.id, event.type, event.actorId, event.actorKind],
      ...[event.key?.clientId ?? null, event.messageId ?? null, event.content?.bucket ?? null],
      ...[event.content?.commitment ?? null, Buffer.from(JSON.stringify(event.meta), 'utf8')],
    ]);
    if (event.content) {
      const { messageId, version, bucket, ownerId, salt, sealed } = event.content;
      push(this.contents, [messageId, version, bucket, ownerId, salt, sealed]);
    }
    if (event.key) push(this.keys, [this.count, event.key.clientId, event.key.requestMac]);
    for (const personId of event.mentions ?? []) push(this.mentions, [personId, id, headSeq]);
  }

  parameters(): unknown[] {
    return [this.count, clockSlackMs, ...this.events, ...this.contents, ...this.keys, ...this.mentions];
  }
}

function push(columns: unknown[][], values: unknown[]): void {
  for (let i = 0; i < columns.length; i += 1) columns[i]!.push(values[i]);
}

const milliseconds = (column: string) => `(extract(epoch from ${column}) * 1000)::bigint`;
const month = (column: string) => `date_trunc('month', ${time(column)})::date`;
const time = (column: string) => `timestamptz 'epoch' + ${column} * interval '1 millisecond'`;

const lockSql = `
  select id, kind, name, head_seq as "headSeq", ${milliseconds('last_at')} as "lastAt",
         member_count as "memberCount", dissolved_at is not null as dissolved
    from messaging.conversation where id = any($1::uuid[]) order by id for no key update`;

const standingColumns = `
  role, joined_seq as "joinedSeq", request_mac as mac, key_conversation as "keyConversation", key_seq as "keySeq",
  key_message as "keyMessage", ${milliseconds('key_at')} as "keyAt"`;

const standingSql = `
  select ${standingColumns} from messaging.standing($1::uuid[], $2::uuid[], $3::text[]) order by place`;

const openSql = `
  select ${standingColumns}, id, kind, name, head_seq as "headSeq", ${milliseconds('last_at')} as "lastAt",
         member_count as "memberCount", dissolved
    from messaging.lock_and_stand($1::uuid[], $2::uuid[], $3::text[]) order by place`;

// The head of the log is the last lock. The statement waits there, sees what the one before it has made of it, and
// the clock after that; everything else it reads is locked by this transaction already.
const appendSql = `
  with head as (
    update persistence.log_head
       set pos = pos + $1::int, at = greatest(at, date_trunc('milliseconds', clock_timestamp()))
     where id = 0
    returning pos - $1::int + 1 as first, floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now,
              ${milliseconds('at')} as head_at
  ), placed as (
    select e.*, head.first + e.place - 1 as pos, greatest(head.now, e.last_at, head.head_at - $2::bigint) as at
      from head cross join
           unnest($3::int[], $4::uuid[], $5::bigint[], $6::bigint[], $7::uuid[], $8::text[], $9::uuid[], $10::text[],
                  $11::text[], $12::uuid[], $13::date[], $14::bytea[], $15::bytea[])
        as e (place, conversation_id, seq, last_at, id, type, actor_id, actor_kind, client_id, message_id,
              content_bucket, commitment, meta)
  ), events as (
    insert into messaging.event (conversation_id, seq, at, pos, id, type, actor_id, actor_kind, client_id,
                                 message_id, content_bucket, commitment, meta)
    select conversation_id, seq, ${time('at')}, pos, id, type, actor_id, actor_kind, client_id, message_id,
           content_bucket, commitment, meta
      from placed
  ), contents as (
    insert into messaging.content (message_id, version, bucket, key_ref, salt, sealed)
    select * from unnest($16::uuid[], $17::int[], $18::date[], $19::uuid[], $20::bytea[], $21::bytea[])
  ), keys as (
    insert into messaging.send_key (sender_id, client_id, request_mac, conversation_id, seq, message_id, at)
    select p.actor_id, k.client_id, k.request_mac, p.conversation_id, p.seq, p.message_id, ${time('p.at')}
      from unnest($22::int[], $23::text[], $24::bytea[]) as k (place, client_id, request_mac)
      join placed p on p.place = k.place
  ), mentions as (
    insert into messaging.mention (person_id, conversation_id, seq)
    select distinct mentioned.person_id, mentioned.conversation_id, mentioned.seq
      from unnest($25::uuid[], $26::uuid[], $27::bigint[]) as mentioned (person_id, conversation_id, seq)
      join messaging.membership m on m.conversation_id = mentioned.conversation_id
       and m.person_id = mentioned.person_id and m.left_seq is null
  ), segments as (
    insert into messaging.segment (conversation_id, month, first_seq)
    select conversation_id, ${month('at')}, min(seq) from placed
     where seq = 1 or ${month('at')} <> ${month('last_at')}
     group by 1, 2
    on conflict do nothing
  ), heads as (
    select conversation_id as id, max(seq) as seq, max(pos) as pos, max(at) as at,
           max(seq) filter (where type = 'message.created') as message_seq,
           max(at) filter (where type = 'message.created') as message_at
      from placed group by 1
  ), conversations as (
    update messaging.conversation c
       set head_seq = h.seq, head_pos = h.pos, last_at = ${time('h.at')},
           last_message_seq = coalesce(h.message_seq, c.last_message_seq),
           last_message_at = coalesce(${time('h.message_at')}, c.last_message_at)
      from heads h where c.id = h.id
  )
  select first, now, head_at as "headAt" from head`;
