import { Injectable } from '@nestjs/common';
import { newId } from '#contracts';
import { Database, type Transaction } from '#persistence';
import { EventLogStore } from '../log/event-log.store.js';
import { type NewEvent } from '../log/event.js';
import type { EventRecord } from '../log/event.js';

/** Somebody has read a conversation up to a seq. */
export interface Mark {
  personId: string;
  conversationId: string;
  seq: number;
}

export interface StoredMarks {
  /** In the order of the marks: whether the person is a member. */
  isMember: boolean[];
  /** What was written into the account logs of those whose mark moved. */
  records: EventRecord[];
}

/** How far people have read. A mark that moves is an event of the person's account log. */
@Injectable()
export class ReceiptsStore {
  constructor(
    private readonly database: Database,
    private readonly log: EventLogStore,
  ) {}

  /** Moves marks forward, never back, in one transaction. At most one mark per person and conversation. */
  store(marks: readonly Mark[]): Promise<StoredMarks> {
    return this.database.transaction(async (tx) => {
      const persons = [...new Set(marks.map(({ personId }) => personId))];
      await this.ensureAccountLogs(tx, persons);
      const accounts = await this.log.lock(tx, persons);
      const rows = await tx.query<{ isMember: boolean; movedTo: number | null }>(moveSql, [
        marks.map(({ conversationId }) => conversationId),
        marks.map(({ personId }) => personId),
        marks.map(({ seq }) => seq),
      ]);
      const events = marks.flatMap((mark, i): NewEvent[] => {
        const movedTo = rows[i]!.movedTo;
        return movedTo === null ? [] : [readEvent(mark, movedTo)];
      });
      const records = events.length > 0 ? await this.log.append(tx, accounts, events) : [];
      return { isMember: rows.map(({ isMember }) => isMember), records };
    });
  }

  /** An account log is a conversation of its person alone, under the person's own id. */
  private async ensureAccountLogs(tx: Transaction, personIds: string[]): Promise<void> {
    await tx.query(ensureSql, [personIds.toSorted()]);
  }
}

const readEvent = ({ personId, conversationId }: Mark, readSeq: number): NewEvent => ({
  conversationId: personId,
  id: newId(),
  type: 'account.read',
  actorId: personId,
  actorKind: 'person',
  meta: { conversationId, readSeq },
});

const ensureSql = `
  with made as (
    insert into messaging.conversation (id, kind, created_at, head_seq, head_pos, last_at, member_count)
    select person, 'account', now(), 0, 0, 'epoch', 1 from unnest($1::uuid[]) as person
    on conflict do nothing returning id)
  insert into messaging.membership (conversation_id, person_id, joined_seq, joined_pos, role, read_seq, read_event_at)
  select id, id, 1, 0, 'owner', 0, 'epoch' from made`;

// A mark beyond the head means the head. The time of the marked event bounds later counts of what is unread; its
// partition is found between the last mark and now.
const moveSql = `
  with mark as (
    select place, m.conversation_id, m.person_id, m.joined_seq, m.read_seq as was, least(w.seq, c.head_seq) as seq,
           coalesce((select e.at from messaging.event e
                      where e.conversation_id = c.id and e.seq = least(w.seq, c.head_seq)
                        and e.at >= m.read_event_at and e.at <= c.last_at), m.read_event_at) as at
      from unnest($1::uuid[], $2::uuid[], $3::bigint[]) with ordinality as w (conversation, person, seq, place)
      join messaging.conversation c on c.id = w.conversation and c.kind <> 'account'
      join messaging.membership m on m.conversation_id = c.id and m.person_id = w.person and m.left_seq is null
  ), moved as (
    update messaging.membership m set read_seq = mark.seq, read_event_at = mark.at
      from mark
     where m.conversation_id = mark.conversation_id and m.person_id = mark.person_id and m.joined_seq = mark.joined_seq
       and m.read_seq < mark.seq
    returning m.conversation_id, m.person_id, m.read_seq
  ), noted as (
    insert into messaging.read_mark (conversation_id, person_id, at, seq)
    select conversation_id, person_id, date_trunc('minute', now()), read_seq from moved
    on conflict (conversation_id, person_id, at) do update set seq = greatest(read_mark.seq, excluded.seq))
  select mark.place is not null as "isMember", moved.read_seq as "movedTo"
    from generate_series(1, cardinality($1::uuid[])) as wanted (place)
    left join mark on mark.place = wanted.place
    left join moved on moved.conversation_id = mark.conversation_id and moved.person_id = mark.person_id
   order by wanted.place`;
