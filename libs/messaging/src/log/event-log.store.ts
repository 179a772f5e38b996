import { Injectable } from '@nestjs/common';
import type { MemberRole } from '#contracts';
import { takePositions, type Transaction } from '#persistence';
import {
  clockSlackMs,
  type EventRecord,
  type LockedConversation,
  type NewEvent,
  type Standing,
} from './event.js';
import { monthOf } from './month.js';

/**
 * The statements under which the log grows. In one transaction, in this order: `lock`, `standing`, decide,
 * `append`. Each statement sees what was committed before it began, so what is read after the locks is true until
 * the commit; positions are the last lock, so they become visible in order.
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

  /** Rights and known repeats of acts, read after their conversations were locked. */
  async standing(
    tx: Transaction,
    acts: readonly { conversationId: string; personId: string; clientId: string }[],
  ): Promise<Standing[]> {
    const rows = await tx.prepared<StandingRow>('standing', standingSql, [
      acts.map((act) => act.conversationId),
      acts.map((act) => act.personId),
      acts.map((act) => act.clientId),
    ]);
    return rows.map(({ role, joinedSeq, mac, keyConversation, keySeq, keyMessage, keyAt }) => ({
      role,
      joinedSeq,
      known:
        mac === null
          ? null
          : {
              requestMac: mac,
              conversationId: keyConversation!,
              seq: keySeq!,
              messageId: keyMessage,
              at: keyAt!,
            },
    }));
  }

  /** Gives events their place and stores them. `conversations` is moved on, so that a second call continues. */
  async append(
    tx: Transaction,
    conversations: Map<string, LockedConversation>,
    events: readonly NewEvent[],
  ): Promise<EventRecord[]> {
    const { first, now, headAt } = await takePositions(tx, 'messages', events.length);
    const batch = new Batch();
    const records = events.map((event, i) => {
      const conversation = conversations.get(event.conversationId)!;
      const at = Math.max(now, conversation.lastAt, headAt - clockSlackMs);
      const record = toRecord(event, ++conversation.headSeq, first + i, at);
      batch.add(event, record, conversation.lastAt);
      conversation.lastAt = at;
      return record;
    });
    await tx.prepared('append-events', appendSql, batch.parameters());
    return records;
  }
}

interface StandingRow {
  role: MemberRole | null;
  joinedSeq: number | null;
  mac: Buffer | null;
  keyConversation: string | null;
  keySeq: number | null;
  keyMessage: string | null;
  keyAt: number | null;
}

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
  private readonly keys: unknown[][] = Array.from({ length: 7 }, () => []);
  private readonly mentions: unknown[][] = Array.from({ length: 3 }, () => []);
  private readonly segments: unknown[][] = Array.from({ length: 3 }, () => []);
  private readonly heads = new Map<string, (string | number | null)[]>();

  add(event: NewEvent, record: EventRecord, lastAt: number): void {
    const { conversationId, seq, at, pos } = record;
    const isMessage = record.type === 'message.created';
    push(this.events, [
      ...[
        conversationId,
        seq,
        at,
        pos,
        record.id,
        record.type,
        record.actorId,
        record.actorKind,
        record.clientId,
      ],
      ...[record.messageId, record.contentBucket, event.content?.commitment ?? null],
      Buffer.from(JSON.stringify(record.meta), 'utf8'),
    ]);
    if (event.content) {
      const { messageId, version, bucket, ownerId, salt, sealed } = event.content;
      push(this.contents, [messageId, version, bucket, ownerId, salt, sealed]);
    }
    if (event.key) {
      const { clientId, requestMac } = event.key;
      push(this.keys, [record.actorId, clientId, requestMac, conversationId, seq, record.messageId, at]);
    }
    for (const personId of event.mentions ?? []) push(this.mentions, [personId, conversationId, seq]);
    if (seq === 1 || monthOf(at) !== monthOf(lastAt)) push(this.segments, [conversationId, monthOf(at), seq]);
    const head = this.heads.get(conversationId) ?? [conversationId, 0, 0, 0, null, null];
    head.splice(1, 3, seq, pos, at);
    if (isMessage) head.splice(4, 2, seq, at);
    this.heads.set(conversationId, head);
  }

  parameters(): unknown[] {
    const heads: unknown[][] = Array.from({ length: 6 }, () => []);
    for (const head of this.heads.values()) push(heads, head);
    return [...this.events, ...this.contents, ...this.keys, ...this.mentions, ...this.segments, ...heads];
  }
}

function push(columns: unknown[][], values: unknown[]): void {
  for (let i = 0; i < columns.length; i += 1) columns[i]!.push(values[i]);
}

const milliseconds = (column: string) => `(extract(epoch from ${column}) * 1000)::bigint`;
const time = (column: string) => `timestamptz 'epoch' + ${column} * interval '1 millisecond'`;

const lockSql = `
  select id, kind, name, head_seq as "headSeq", ${milliseconds('last_at')} as "lastAt",
         member_count as "memberCount", dissolved_at is not null as dissolved
    from messaging.conversation where id = any($1::uuid[]) order by id for no key update`;

const standingSql = `
  select m.role, m.joined_seq as "joinedSeq", k.request_mac as mac, k.conversation_id as "keyConversation",
         k.seq as "keySeq", k.message_id as "keyMessage", ${milliseconds('k.at')} as "keyAt"
    from unnest($1::uuid[], $2::uuid[], $3::text[]) with ordinality as act (conversation, person, client, place)
    left join messaging.membership m
           on m.conversation_id = act.conversation and m.person_id = act.person and m.left_seq is null
    left join messaging.send_key k on k.sender_id = act.person and k.client_id = act.client
   order by act.place`;

const appendSql = `
  with events as (
    insert into messaging.event (conversation_id, seq, at, pos, id, type, actor_id, actor_kind, client_id,
                                 message_id, content_bucket, commitment, meta)
    select conversation_id, seq, ${time('at')}, pos, id, type, actor_id, actor_kind, client_id, message_id,
           content_bucket, commitment, meta
      from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::text[], $7::uuid[],
                  $8::text[], $9::text[], $10::uuid[], $11::date[], $12::bytea[], $13::bytea[])
        as e (conversation_id, seq, at, pos, id, type, actor_id, actor_kind, client_id, message_id,
              content_bucket, commitment, meta)
  ), contents as (
    insert into messaging.content (message_id, version, bucket, key_ref, salt, sealed)
    select * from unnest($14::uuid[], $15::int[], $16::date[], $17::uuid[], $18::bytea[], $19::bytea[])
  ), keys as (
    insert into messaging.send_key (sender_id, client_id, request_mac, conversation_id, seq, message_id, at)
    select sender_id, client_id, request_mac, conversation_id, seq, message_id, ${time('at')}
      from unnest($20::uuid[], $21::text[], $22::bytea[], $23::uuid[], $24::bigint[], $25::uuid[], $26::bigint[])
        as k (sender_id, client_id, request_mac, conversation_id, seq, message_id, at)
  ), mentions as (
    insert into messaging.mention (person_id, conversation_id, seq)
    select distinct mentioned.person_id, mentioned.conversation_id, mentioned.seq
      from unnest($27::uuid[], $28::uuid[], $29::bigint[]) as mentioned (person_id, conversation_id, seq)
      join messaging.membership m on m.conversation_id = mentioned.conversation_id
       and m.person_id = mentioned.person_id and m.left_seq is null
  ), segments as (
    insert into messaging.segment (conversation_id, month, first_seq)
    select * from unnest($30::uuid[], $31::date[], $32::bigint[]) on conflict do nothing
  )
  update messaging.conversation c
     set head_seq = h.seq, head_pos = h.pos, last_at = ${time('h.at')},
         last_message_seq = coalesce(h.message_seq, c.last_message_seq),
         last_message_at = coalesce(${time('h.message_at')}, c.last_message_at)
    from unnest($33::uuid[], $34::bigint[], $35::bigint[], $36::bigint[], $37::bigint[], $38::bigint[])
      as h (id, seq, pos, at, message_seq, message_at)
   where c.id = h.id`;
