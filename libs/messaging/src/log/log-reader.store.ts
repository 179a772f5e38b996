import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EventType } from '#contracts';
import { Database } from '#persistence';
import { clockSlackMs, type EventRecord, type StoredContent } from './event.js';
import { addMonths } from './month.js';

/** Months whose partitions one statement may touch. */
const monthsAtOnce = 3;
/** Statements of one call: a conversation with a message a month is answered in several calls. */
const statements = 8;

/** Events of one conversation with after < seq ≤ upTo. */
export interface WantedStretch {
  conversationId: string;
  after: number;
  upTo: number;
  /** No wanted event is older; null where that is not known. */
  notBefore: Date | null;
}

interface Segment {
  month: string;
  firstSeq: number;
}

/** Reads the log: stretches of a conversation by seq, everything by position. Each read names its partitions. */
@Injectable()
export class LogReaderStore {
  constructor(private readonly database: Database) {}

  /** Events with after < seq ≤ upTo, ascending, at most `limit`. Fewer may come; the caller goes on from the last. */
  async range(
    conversationId: string,
    after: number,
    upTo: number,
    limit: number,
    type?: EventType,
  ): Promise<EventRecord[]> {
    const records: EventRecord[] = [];
    const groups = groupsOf(await this.segments(conversationId, after, upTo));
    for (const { from, to } of groups.slice(0, statements)) {
      const rows = await this.database.query<EventColumns>(rangeSql, [
        conversationId,
        after,
        upTo,
        limit - records.length,
        type ?? null,
        from,
        to,
      ]);
      records.push(...rows.map(toRecord));
      if (records.length >= limit) break;
    }
    return records;
  }

  /** Messages with seq < before, the newest `limit` of them, ascending; `floor` is below all of them. */
  async messagesBefore(
    conversationId: string,
    before: number,
    floor: number,
    limit: number,
  ): Promise<EventRecord[]> {
    const records: EventRecord[] = [];
    const segments = await this.segments(conversationId, floor, before - 1);
    for (const { from, to } of groupsOf(segments.toReversed()).slice(0, statements)) {
      const rows = await this.database.query<EventColumns>(backwardsSql, [
        conversationId,
        before,
        floor,
        limit - records.length,
        from,
        to,
      ]);
      records.unshift(...rows.map(toRecord).reverse());
      if (records.length >= limit) break;
    }
    return records;
  }

  /** The first seq whose event is not older than a time; the one after the last when all are. */
  async seqAt(conversationId: string, at: Date, headSeq: number): Promise<number> {
    const [row] = await this.database.query<{ seq: number }>(
      'select messaging.seq_at($1, $2, $3::bigint) as seq',
      [conversationId, at, headSeq],
    );
    return row!.seq;
  }

  /** Everything from a position on, in the order of the log. @param since time of the position */
  async from(pos: number, since: number, limit: number): Promise<EventRecord[]> {
    // No event after a position is older than the position's time by more than the slack of the clock.
    const rows = await this.database.query<EventColumns>(fromSql, [
      pos,
      new Date(since - clockSlackMs),
      limit,
    ]);
    return rows.map(toRecord);
  }

  /** SHA-256 over seq and event id of every event of a range, and how many there are. */
  async digest(conversationId: string, from: number, to: number): Promise<{ digest: string; count: number }> {
    const hash = createHash('sha256');
    let count = 0;
    for (const { from: begin, to: end } of groupsOf(await this.segments(conversationId, from - 1, to))) {
      const rows = await this.database.query<{ bytes: Buffer }>(digestSql, [
        conversationId,
        from,
        to,
        begin,
        end,
      ]);
      for (const { bytes } of rows) hash.update(bytes);
      count += rows.length;
    }
    return { digest: hash.digest('base64'), count };
  }

  /** The event that brought a message into a conversation. @param madeAt when its id was made, in milliseconds */
  async findMessage(
    conversationId: string,
    messageId: string,
    madeAt: number,
  ): Promise<EventRecord | undefined> {
    const around = [new Date(madeAt - clockSlackMs), new Date(madeAt + clockSlackMs)];
    const [row] = await this.database.query<EventColumns>(findSql, [conversationId, messageId, ...around]);
    return row && toRecord(row);
  }

  /** The first `each` events of several stretches at once, of each for itself. */
  async stretches(wanted: readonly WantedStretch[], each: number): Promise<EventRecord[][]> {
    if (wanted.length === 0) return [];
    const rows = await this.database.query<EventColumns & { stretch: number }>(stretchesSql, [
      wanted.map(({ conversationId }) => conversationId),
      wanted.map(({ after }) => after),
      wanted.map(({ upTo }) => upTo),
      wanted.map(({ notBefore }) => notBefore),
      each,
    ]);
    const found: EventRecord[][] = wanted.map(() => []);
    for (const { stretch, ...columns } of rows) found[stretch - 1]!.push(toRecord(columns));
    return found;
  }

  /** One event of each of these places; the time of each is known exactly. */
  async at(places: readonly { conversationId: string; seq: number; at: Date }[]): Promise<EventRecord[]> {
    if (places.length === 0) return [];
    const rows = await this.database.query<EventColumns>(atSql, [
      places.map(({ conversationId }) => conversationId),
      places.map(({ seq }) => seq),
      places.map(({ at }) => at),
    ]);
    return rows.map(toRecord);
  }

  /** What became of messages that were changed; those that never were are missing. */
  states(messageIds: string[]): Promise<ChangedMessage[]> {
    return this.database.query<ChangedMessage>(
      `select message_id as "messageId", state, version from messaging.message_state
        where message_id = any($1::uuid[])`,
      [messageIds],
    );
  }

  /** What was written, still sealed, in every version; past its month it is not there any more. */
  contents(messages: readonly EventRecord[]): Promise<StoredContent[]> {
    const buckets = [...new Set(messages.map(({ contentBucket }) => contentBucket!))];
    return this.database.query<StoredContent>(contentsSql, [
      buckets,
      messages.map(({ messageId }) => messageId!),
    ]);
  }

  private segments(conversationId: string, after: number, upTo: number): Promise<Segment[]> {
    return this.database.query<Segment>(segmentsSql, [conversationId, after, upTo]);
  }
}

export interface ChangedMessage {
  messageId: string;
  state: 'recalled' | 'removed' | null;
  version: number;
}

/** Neighbouring segments, as spans of months that one statement reads. Works in either direction. */
function groupsOf(segments: Segment[]): { from: string; to: string }[] {
  const groups: { from: string; to: string }[] = [];
  for (const { month } of segments) {
    const group = groups.at(-1);
    const from = group && month < group.from ? month : (group?.from ?? month);
    const to = group && month >= group.to ? addMonths(month, 1) : (group?.to ?? addMonths(month, 1));
    if (group && addMonths(from, monthsAtOnce) >= to) Object.assign(group, { from, to });
    else groups.push({ from: month, to: addMonths(month, 1) });
  }
  return groups;
}

interface EventColumns extends Omit<EventRecord, 'meta'> {
  meta: Buffer | null;
}

function toRecord({ meta, ...columns }: EventColumns): EventRecord {
  return { ...columns, meta: meta ? (JSON.parse(meta.toString('utf8')) as Record<string, unknown>) : {} };
}

const eventColumns = `conversation_id as "conversationId", seq, (extract(epoch from at) * 1000)::bigint as at, pos, id,
  type, actor_id as "actorId", actor_kind as "actorKind", client_id as "clientId", message_id as "messageId",
  content_bucket::text as "contentBucket", meta`;

const rangeSql = `
  select ${eventColumns} from messaging.event
   where conversation_id = $1 and seq > $2 and seq <= $3 and ($5::text is null or type = $5)
     and at >= $6::date and at < $7::date
   order by seq limit $4`;

const backwardsSql = `
  select ${eventColumns} from messaging.event
   where conversation_id = $1 and seq < $2 and seq > $3 and type = 'message.created'
     and at >= $5::date and at < $6::date
   order by seq desc limit $4`;

const fromSql = `
  select ${eventColumns} from messaging.event where pos >= $1 and at >= $2 order by pos limit $3`;

const findSql = `
  select ${eventColumns} from messaging.event
   where conversation_id = $1 and id = $2 and at >= $3 and at <= $4`;

// The segment that holds the first wanted event bounds the partitions where no time is known.
const stretchesSql = `
  select e.*, wanted.stretch
    from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::timestamptz[])
      with ordinality as wanted (conversation, after_seq, up_to, not_before, stretch)
  cross join lateral (
    select coalesce(max(s.month)::timestamptz, '-infinity') as begins from messaging.segment s
     where s.conversation_id = wanted.conversation and s.first_seq <= wanted.after_seq + 1) as segment
  cross join lateral (
    select ${eventColumns} from messaging.event
     where conversation_id = wanted.conversation and seq > wanted.after_seq and seq <= wanted.up_to
       and at >= greatest(segment.begins, wanted.not_before)
     order by seq limit $5) as e
   order by wanted.stretch, e.seq`;

const atSql = `
  select e.* from unnest($1::uuid[], $2::bigint[], $3::timestamptz[]) as place (conversation, place_seq, place_at)
  cross join lateral (
    select ${eventColumns} from messaging.event
     where conversation_id = place.conversation and seq = place.place_seq and at = place.place_at) as e`;

const digestSql = `
  select int8send(seq) || uuid_send(id) as bytes from messaging.event
   where conversation_id = $1 and seq between $2 and $3 and at >= $4::date and at < $5::date order by seq`;

// The segment that holds the seq after the first one, and all later ones.
const segmentsSql = `
  select month::text as month, first_seq as "firstSeq" from messaging.segment
   where conversation_id = $1 and first_seq <= $3
     and month >= coalesce((select max(month) from messaging.segment where conversation_id = $1 and first_seq <= $2 + 1),
                           '-infinity')
   order by month`;

// Past its month content is unreadable at once, whether or not its partition is still there.
const contentsSql = `
  select message_id as "messageId", version, bucket::text as bucket, key_ref as "ownerId", sealed
    from messaging.content
   where bucket = any($1::date[]) and message_id = any($2::uuid[]) and bucket >= date_trunc('month', now())`;
