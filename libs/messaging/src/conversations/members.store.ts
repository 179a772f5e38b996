import { Injectable } from '@nestjs/common';
import type { ConversationKind, MemberRole } from '#contracts';
import { Database, type Transaction } from '#persistence';
import type { EventRecord } from '../log/event.js';

/** The latest stay of a person in a conversation, and how far the conversation is. */
export interface Stay {
  conversationId: string;
  kind: ConversationKind;
  role: MemberRole;
  joinedSeq: number;
  leftSeq: number | null;
  headSeq: number;
  memberCount: number;
}

/** A conversation, and the first seq a person sees of it. */
export interface VisibleFrom {
  conversationId: string;
  joinedSeq: number;
}

export interface MemberRow {
  personId: string;
  role: MemberRole;
  joinedSeq: number;
  readSeq: number;
}

/** Who is in which conversation, and since when. */
@Injectable()
export class MembersStore {
  constructor(private readonly database: Database) {}

  async stay(personId: string, conversationId: string): Promise<Stay | undefined> {
    const [row] = await this.database.query<Stay>(staySql, [personId, conversationId]);
    return row;
  }

  /** People become members by an event. */
  async join(
    tx: Transaction,
    event: EventRecord,
    personIds: readonly string[],
    ownerId?: string,
  ): Promise<void> {
    await tx.query(
      `with joined as (
         insert into messaging.membership (conversation_id, person_id, joined_seq, joined_pos, role, read_seq, read_event_at)
         select $1::uuid, person, $2::bigint, $3::bigint, case when person = $6::uuid then 'owner' else 'member' end,
                $2::bigint - 1, $4::timestamptz
           from unnest($5::uuid[]) as person
         returning 1)
       update messaging.conversation
          set member_count = member_count + (select count(*) from joined), members_seq = $2::bigint
        where id = $1::uuid`,
      [event.conversationId, event.seq, event.pos, new Date(event.at), personIds, ownerId ?? null],
    );
  }

  async leave(tx: Transaction, event: EventRecord, personIds: readonly string[]): Promise<void> {
    await tx.query(
      `with gone as (
         update messaging.membership set left_seq = $3::bigint, left_pos = $4::bigint
          where conversation_id = $1::uuid and person_id = any($2::uuid[]) and left_seq is null returning 1)
       update messaging.conversation
          set member_count = member_count - (select count(*) from gone), members_seq = $3::bigint
        where id = $1::uuid`,
      [event.conversationId, personIds, event.seq, event.pos],
    );
  }

  async handOver(tx: Transaction, conversationId: string, ownerId: string): Promise<void> {
    await tx.query(
      `update messaging.membership set role = case when person_id = $2::uuid then 'owner' else 'member' end
        where conversation_id = $1 and left_seq is null and (role = 'owner' or person_id = $2::uuid)`,
      [conversationId, ownerId],
    );
  }

  async owner(tx: Transaction, conversationId: string): Promise<string | undefined> {
    const [row] = await tx.query<{ personId: string }>(
      `select person_id as "personId" from messaging.membership
        where conversation_id = $1 and left_seq is null and role = 'owner'`,
      [conversationId],
    );
    return row?.personId;
  }

  /** Members now, in the order of their ids. */
  async idsAfter(conversationId: string, after: string | undefined, limit: number): Promise<string[]> {
    const rows = await this.database.query<{ personId: string }>(
      `select person_id as "personId" from messaging.membership
        where conversation_id = $1 and left_seq is null and ($2::uuid is null or person_id > $2::uuid)
        order by person_id limit $3`,
      [conversationId, after ?? null, limit],
    );
    return rows.map(({ personId }) => personId);
  }

  /** Those of the people who are members now. */
  async membersAmong(
    tx: Transaction,
    conversationId: string,
    personIds: readonly string[],
  ): Promise<Set<string>> {
    const rows = await tx.query<{ personId: string }>(
      `select person_id as "personId" from messaging.membership
        where conversation_id = $1 and person_id = any($2::uuid[]) and left_seq is null`,
      [conversationId, personIds],
    );
    return new Set(rows.map(({ personId }) => personId));
  }

  /** Those of the people who are now in a conversation with somebody. */
  async metAmong(personId: string, others: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ personId: string }>(
      `select other as "personId" from unnest($2::uuid[]) as other
        where exists (
          select from messaging.membership theirs
            join messaging.membership mine using (conversation_id)
           where theirs.person_id = other and theirs.left_seq is null
             and mine.person_id = $1 and mine.left_seq is null)`,
      [personId, others],
    );
    return new Set(rows.map((row) => row.personId));
  }

  async wasMember(tx: Transaction, conversationId: string, personId: string): Promise<boolean> {
    const rows = await tx.query(
      'select from messaging.membership where conversation_id = $1 and person_id = $2 limit 1',
      [conversationId, personId],
    );
    return rows.length > 0;
  }

  /** Members now, the owner first, then in the order of joining. */
  page(conversationId: string, after: (string | number)[] | undefined, limit: number): Promise<MemberRow[]> {
    const [rank, joinedSeq, personId] = after ?? [-1, 0, '00000000-0000-0000-0000-000000000000'];
    return this.database.query<MemberRow>(pageSql, [conversationId, rank, joinedSeq, personId, limit]);
  }

  /** The seq of the event that changed the members last. */
  async version(conversationId: string): Promise<number> {
    const [row] = await this.database.query<{ version: number }>(
      'select members_seq as version from messaging.conversation where id = $1',
      [conversationId],
    );
    return row?.version ?? 0;
  }

  /** Who joined or left with an event, in the order of their ids. */
  async changedAt(
    { conversationId, seq }: { conversationId: string; seq: number },
    change: 'joined' | 'left',
    { after, limit }: { after?: string; limit: number },
  ): Promise<string[]> {
    const rows = await this.database.query<{ personId: string }>(
      `select person_id as "personId" from messaging.membership
        where conversation_id = $1 and ${change}_seq = $2 and ($3::uuid is null or person_id > $3::uuid)
        order by person_id limit $4`,
      [conversationId, seq, after ?? null, limit],
    );
    return rows.map(({ personId }) => personId);
  }

  /** Conversations of people now, with the first seq they see of each. */
  conversationsOf(personIds: readonly string[]): Promise<(VisibleFrom & { personId: string })[]> {
    return this.database.query(
      `select person_id as "personId", conversation_id as "conversationId", joined_seq as "joinedSeq"
         from messaging.membership where person_id = any($1::uuid[]) and left_seq is null`,
      [personIds],
    );
  }

  async smallAmong(conversationIds: readonly string[], members: number): Promise<Set<string>> {
    const rows = await this.database.query<{ id: string }>(
      'select id from messaging.conversation where id = any($1::uuid[]) and member_count <= $2',
      [conversationIds, members],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Whether a person may see one of these places by their latest stay there. */
  async seesAny(
    personId: string,
    places: readonly { conversationId: string; seq: number }[],
  ): Promise<boolean> {
    const rows = await this.database.query(seesAnySql, [
      personId,
      places.map(({ conversationId }) => conversationId),
      places.map(({ seq }) => seq),
    ]);
    return rows.length > 0;
  }
}

const staySql = `
  select c.id as "conversationId", c.kind, m.role, m.joined_seq as "joinedSeq", m.left_seq as "leftSeq",
         c.head_seq as "headSeq", c.member_count as "memberCount"
    from messaging.membership m join messaging.conversation c on c.id = m.conversation_id
   where m.person_id = $1 and m.conversation_id = $2
   order by m.joined_seq desc limit 1`;

const pageSql = `
  select * from (
    select person_id as "personId", role, joined_seq as "joinedSeq", read_seq as "readSeq",
           case role when 'owner' then 0 else 1 end as rank
      from messaging.membership where conversation_id = $1 and left_seq is null) m
   where (rank, "joinedSeq", "personId") > ($2::int, $3::bigint, $4::uuid)
   order by rank, "joinedSeq", "personId" limit $5`;

const seesAnySql = `
  select from unnest($2::uuid[], $3::bigint[]) as place (conversation, place_seq)
  cross join lateral (
    select joined_seq, left_seq from messaging.membership
     where conversation_id = place.conversation and person_id = $1 order by joined_seq desc limit 1) as stay
  where place_seq >= stay.joined_seq and (stay.left_seq is null or place_seq <= stay.left_seq)
  limit 1`;
