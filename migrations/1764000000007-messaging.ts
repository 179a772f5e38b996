import { SqlMigration } from './sql-migration.js';

const sendKeyPartitions = 8;

/**
 * Conversations, members, the log of events, the sealed content beside it, and the keys that make sending
 * repeatable. Events and content carry their partition in their key; months are added by a job.
 */
export class Messaging1764000000007 extends SqlMigration {
  protected readonly statements = [
    `create schema messaging`,
    `create table messaging.conversation (
       id uuid not null,
       kind text not null check (kind in ('direct', 'group', 'account')),
       name text,
       created_at timestamptz not null,
       head_seq bigint not null,
       head_pos bigint not null,
       last_at timestamptz not null,
       last_message_seq bigint,
       last_message_at timestamptz,
       member_count integer not null,
       dissolved_at timestamptz,
       constraint conversation_pk primary key (id)
     ) with (fillfactor = 50)`,
    `create table messaging.direct_pair (
       low uuid not null,
       high uuid not null,
       conversation_id uuid not null,
       constraint direct_pair_pk primary key (low, high)
     )`,
    `create table messaging.membership (
       conversation_id uuid not null,
       person_id uuid not null,
       joined_seq bigint not null,
       joined_pos bigint not null,
       left_seq bigint,
       left_pos bigint,
       role text not null check (role in ('owner', 'member')),
       read_seq bigint not null,
       read_event_at timestamptz not null,
       constraint membership_pk primary key (conversation_id, person_id, joined_seq)
     ) with (fillfactor = 70)`,
    `create index membership_person on messaging.membership (person_id) where left_seq is null`,
    `create index membership_left on messaging.membership (person_id, left_pos) where left_seq is not null`,
    `create table messaging.event (
       conversation_id uuid not null,
       seq bigint not null,
       at timestamptz not null,
       pos bigint not null,
       id uuid not null,
       type text not null,
       actor_id uuid,
       actor_kind text not null,
       client_id text,
       message_id uuid,
       content_bucket date,
       commitment bytea,
       meta bytea,
       constraint event_pk primary key (conversation_id, seq, at)
     ) partition by range (at)`,
    `create index event_pos on messaging.event (pos)`,
    `create index event_id on messaging.event (id)`,
    `create table messaging.content (
       message_id uuid not null,
       version integer not null,
       bucket date not null,
       key_ref uuid not null,
       salt bytea not null,
       sealed bytea not null,
       constraint content_pk primary key (message_id, version, bucket)
     ) partition by range (bucket)`,
    `create table messaging.send_key (
       sender_id uuid not null,
       client_id text not null,
       request_mac bytea not null,
       conversation_id uuid not null,
       seq bigint not null,
       message_id uuid,
       at timestamptz not null,
       constraint send_key_pk primary key (sender_id, client_id)
     ) partition by hash (sender_id)`,
    ...Array.from(
      { length: sendKeyPartitions },
      (_, part) => `create table messaging.send_key_${part} partition of messaging.send_key
                      for values with (modulus ${sendKeyPartitions}, remainder ${part})`,
    ),
    `create table messaging.segment (
       conversation_id uuid not null,
       month date not null,
       first_seq bigint not null,
       constraint segment_pk primary key (conversation_id, month)
     )`,
    `create table messaging.message_state (
       message_id uuid not null,
       conversation_id uuid not null,
       seq bigint not null,
       state text check (state in ('recalled', 'removed')),
       version integer not null,
       constraint message_state_pk primary key (message_id)
     )`,
    `create index message_state_conversation on messaging.message_state (conversation_id, seq)`,
    `create table messaging.mention (
       person_id uuid not null,
       conversation_id uuid not null,
       seq bigint not null,
       constraint mention_pk primary key (person_id, conversation_id, seq)
     )`,
    `create table messaging.read_mark (
       conversation_id uuid not null,
       person_id uuid not null,
       at timestamptz not null,
       seq bigint not null,
       constraint read_mark_pk primary key (conversation_id, person_id, at)
     )`,
    // Where in a conversation what came after a position begins. Positions ascend along seq, so it is found by
    // doubling steps back from the head and halving the last one: about two index probes per doubling of the answer.
    `create function messaging.seq_after(conversation uuid, head bigint, floor_seq bigint, after_pos bigint, not_before timestamptz)
     returns bigint language plpgsql stable as $$
     declare
       step bigint := 1;
       above bigint := head + 1;  -- every seq from here on came after
       below bigint;              -- this seq did not
       middle bigint;
     begin
       loop
         below := greatest(head + 1 - step, floor_seq);
         exit when below <= floor_seq or not exists (
           select from messaging.event e
            where e.conversation_id = conversation and e.seq = below and e.at >= not_before and e.pos > after_pos);
         above := below;
         step := step * 2;
       end loop;
       while above - below > 1 loop
         middle := (above + below) / 2;
         if exists (select from messaging.event e
                     where e.conversation_id = conversation and e.seq = middle and e.at >= not_before and e.pos > after_pos)
         then above := middle; else below := middle; end if;
       end loop;
       return above;
     end $$`,
    // A partition is made as a table of its own and attached: that waits for nobody and lets nobody wait, where
    // CREATE TABLE … PARTITION OF would queue every send behind a running dump. Whoever calls this needs no right
    // to create tables.
    `create function messaging.ensure_month(parent text, month date) returns boolean
     language plpgsql security definer set search_path = pg_catalog as $$
     declare
       part text := parent || to_char(month, '_YYYY_MM');
     begin
       if parent not in ('event', 'content') or month <> date_trunc('month', month)::date then
         raise exception 'not a partition of messages: % %', parent, month;
       end if;
       perform pg_advisory_xact_lock(hashtextextended('chancery partition ' || part, 0));
       if to_regclass(format('messaging.%I', part)) is not null then
         return false;
       end if;
       execute format('create table messaging.%I (like messaging.%I including defaults including constraints including storage)', part, parent);
       execute format('alter table messaging.%I attach partition messaging.%I for values from (%L) to (%L)',
                      parent, part, month, (month + interval '1 month')::date);
       return true;
     end $$`,
    `revoke all on function messaging.ensure_month from public`,
    `grant usage on schema messaging to chancery_app`,
    `grant execute on function messaging.ensure_month to chancery_app`,
    `grant select, insert, update on messaging.conversation, messaging.membership to chancery_app`,
    `grant select, insert on messaging.direct_pair, messaging.event, messaging.content, messaging.send_key,
       messaging.segment, messaging.mention to chancery_app`,
    `grant select, insert, update on messaging.message_state, messaging.read_mark to chancery_app`,
  ];
}
