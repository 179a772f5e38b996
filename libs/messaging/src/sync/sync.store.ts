import { Injectable } from '@nestjs/common';
import type { ConversationKind } from '#contracts';
import { Database, readEpoch, readHead } from '#persistence';
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

export interface Since {
  pos: number;
  /** Milliseconds. */
  at: number;
}

/** Which conversations of a person changed, bounded and in an order that can be continued. */
@Injectable()
export class SyncStore {
  constructor(private readonly database: Database) {}

  head(): Promise<{ pos: number; at: number }> {
    return readHead(this.database, 'messages');
  }

  epoch(): Promise<string> {
    return readEpoch(this.database);
  }

  /** Changed after a position, in the order of their heads, the account log first; those below `seen` were sent already. */
  changed(personId: string, since: Since, seen: number, limit: number): Promise<ChangedConversation[]> {
    const notBefore = new Date(since.at - clockSlackMs);
    return this.database.query(changedSql, [personId, since.pos, seen, notBefore, limit]);
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
  with mine as (
    select ${columns}, c.head_pos as "headPos"
      from messaging.membership m join messaging.conversation c on c.id = m.conversation_id
     where m.person_id = $1 and m.left_seq is null and c.head_pos > $2
    union all
    select ${columns}, m.left_pos as "headPos"
      from messaging.membership m join messaging.conversation c on c.id = m.conversation_id
     where m.person_id = $1 and m.left_seq is not null and m.left_pos > $2
       and not exists (select from messaging.membership later
                        where later.conversation_id = m.conversation_id and later.person_id = m.person_id
                          and later.joined_seq > m.joined_seq)
  ), page as (
    select * from mine
     where case when kind = 'account' then $3 = 0 or "headPos" > $3 else "headPos" > $3 end
     order by (kind = 'account') desc, "headPos" limit $5)
  select page.*, messaging.seq_after("conversationId", least("headSeq", coalesce("leftSeq", "headSeq")),
                                     "joinedSeq" - 1, $2, $4) as "firstNewSeq"
    from page order by (kind = 'account') desc, "headPos"`;

const newestSql = `
  select ${columns}, c.head_pos as "headPos", m.joined_seq as "firstNewSeq"
    from messaging.membership m join messaging.conversation c on c.id = m.conversation_id
   where m.person_id = $1 and m.left_seq is null
     and ($2::bigint is null and c.kind = 'account' or c.kind <> 'account' and ($2::bigint is null or c.head_pos < $2))
   order by (c.kind = 'account') desc, c.head_pos desc limit $3`;
