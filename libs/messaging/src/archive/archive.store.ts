import { Injectable } from '@nestjs/common';
import { Database, readHead } from '#persistence';
import type { Stay } from './archive.js';

/** Whose conversations, of which time, as the log stood at a position. */
export interface ArchiveQuery {
  personIds: readonly string[];
  from: Date;
  to: Date;
  /** Later events and memberships do not exist. */
  pos: number;
}

export interface ArchivedRow {
  id: string;
  kind: 'direct' | 'group';
  name: string | null;
  /** The two people of a direct conversation; empty for a group. */
  peerIds: string[];
  /** First event that is not older than `from`; the one after the last when all are. */
  firstSeq: number;
  /** Last event before `to`; 0 when there is none. */
  lastSeq: number;
  stays: Stay[];
}

/** Finds what an export covers. Reads no content, so it needs no key. */
@Injectable()
export class ArchiveStore {
  constructor(private readonly database: Database) {}

  async headPosition(): Promise<number> {
    return (await readHead(this.database, 'messages')).pos;
  }

  /** Conversations in which one of the people was a member, by id; accounts are nobody's conversation. */
  conversations(query: ArchiveQuery, after: string, limit: number): Promise<ArchivedRow[]> {
    const { personIds, from, to, pos } = query;
    return this.database.query<ArchivedRow>(conversationsSql, [personIds, from, to, pos, after, limit]);
  }
}

/** The first seq of a conversation at or after a time: looked up in the index of one month, else the next month's. */
const firstSeqAt = (time: string) => `
  coalesce(
    (select min(e.seq) from messaging.event e
      where e.conversation_id = c.id and e.at >= ${time} and e.at < date_trunc('month', ${time}) + interval '1 month'),
    (select min(s.first_seq) from messaging.segment s
      where s.conversation_id = c.id and s.month > date_trunc('month', ${time})),
    c.head_seq + 1)`;

const conversationsSql = `
  with stays as (
    select m.conversation_id, m.joined_seq, case when m.left_pos <= $4 then m.left_seq end as left_seq
      from messaging.membership m
     where m.person_id = any($1::uuid[]) and m.joined_pos <= $4 and m.conversation_id > $5::uuid
  ), page as (
    select c.id, c.kind, c.name, c.head_seq
      from messaging.conversation c
     where c.id in (select conversation_id from stays) and c.kind in ('direct', 'group')
       and c.last_at >= $2::timestamptz
     order by c.id limit $6
  )
  select c.id, c.kind, c.name,
         case when c.kind = 'group' then '{}'::text[]
              else array(select distinct m.person_id::text from messaging.membership m
                          where m.conversation_id = c.id order by 1) end as "peerIds",
         ${firstSeqAt('$2::timestamptz')} as "firstSeq",
         ${firstSeqAt('$3::timestamptz')} - 1 as "lastSeq",
         (select json_agg(json_build_object('joinedSeq', s.joined_seq, 'leftSeq', s.left_seq) order by s.joined_seq)
            from stays s where s.conversation_id = c.id) as stays
    from page c order by c.id`;
