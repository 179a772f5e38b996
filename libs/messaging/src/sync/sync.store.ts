import { Injectable } from '@nestjs/common';
import type { ConversationKind } from '#contracts';
import { Database, readEpoch, readHead, Replicated } from '#persistence';
import { clockSlackMs } from '../log/event.js';

/** A conversation a device must hear of, and from where on. */
export interface ChangedConversation {
  conversationId: string;
  kind: ConversationKind;
  joinedSeq: number;
  leftSeq: number | null;
  headSeq: number;
  memberCount: number;
  /** Position of the last thing the person may see of it. */
  headPos: number;
  /** The first seq that came after the position. */
  firstNewSeq: number;
}

/** What a device has, and how much of the rest it takes at once. */
export interface Missed {
  personId: string;
  pos: number;
  /** Time of the position, in milliseconds. */
  at: number;
  /** Conversations whose head is not above this were sent already. */
  seen: number;
  limit: number;
}

/** Which conversations of a person changed, bounded and in an order that can be continued. */
@Injectable()
export class SyncStore {
  constructor(
    private readonly database: Database,
    private readonly replicated: Replicated,
  ) {}

  epoch(): Promise<string> {
    return readEpoch(this.database);
  }

  /** Devices store positions, so a head says nothing that a failover could take back. */
  async head(): Promise<{ pos: number; at: number }> {
    const head = await readHead(this.database, 'messages');
    await this.replicated.through(head.pos);
    return head;
  }

  /** What changed for each of several devices, in the order of the heads, the account log first. */
  async changed(devices: readonly Missed[]): Promise<ChangedConversation[][]> {
    const rows = await this.database.query<ChangedConversation & { device: number }>(changedSql, [
      devices.map(({ personId }) => personId),
      devices.map(({ pos }) => pos),
      devices.map(({ seen }) => seen),
      devices.map(({ at }) => new Date(at - clockSlackMs)),
      devices.map(({ limit }) => limit),
    ]);
    const answers: ChangedConversation[][] = devices.map(() => []);
    for (const { device, ...conversation } of rows) answers[device - 1]!.push(conversation);
    return answers;
  }

  /** All that are open to a person, newest first, from below a head on. */
  newest(personId: string, below: number | null, limit: number): Promise<ChangedConversation[]> {
    return this.database.query(newestSql, [personId, below, limit]);
  }
}

const columns = `
  c.id as "conversationId", c.kind, m.joined_seq as "joinedSeq", m.left_seq as "leftSeq", c.head_seq as "headSeq",
  c.member_count as "memberCount"`;

// Of somebody who came and went several times, the latest stay counts. The first page brings the account log
// whatever its head; later pages pass over it.
const changedSql = `
  select page.*, device.place as device,
         messaging.seq_after("conversationId", least("headSeq", coalesce("leftSeq", "headSeq")),
                             "joinedSeq" - 1, device.pos, device.not_before) as "firstNewSeq"
    from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::int[])
      with ordinality as device (person, pos, seen, not_before, most, place)
   cross join lateral (
     select * from (
       select ${columns}, c.head_pos as "headPos"
         from messaging.membership m join messaging.conversation c on c.id = m.conversation_id
        where m.person_id = device.person and m.left_seq is null and c.head_pos > device.pos
       union all
       select ${columns}, m.left_pos as "headPos"
         from messaging.membership m join messaging.conversation c on c.id = m.conversation_id
        where m.person_id = device.person and m.left_seq is not null and m.left_pos > device.pos
          and not exists (select from messaging.membership later
                           where later.conversation_id = m.conversation_id and later.person_id = m.person_id
                             and later.joined_seq > m.joined_seq)) as mine
      where "headPos" > device.seen or kind = 'account' and device.seen = 0
      order by (kind = 'account') desc, "headPos" limit device.most) as page
   order by device.place, (kind = 'account') desc, "headPos"`;

const newestSql = `
  select ${columns}, c.head_pos as "headPos", m.joined_seq as "firstNewSeq"
    from messaging.membership m join messaging.conversation c on c.id = m.conversation_id
   where m.person_id = $1 and m.left_seq is null
     and ($2::bigint is null and c.kind = 'account' or c.kind <> 'account' and ($2::bigint is null or c.head_pos < $2))
   order by (c.kind = 'account') desc, c.head_pos desc limit $3`;
