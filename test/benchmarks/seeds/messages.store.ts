import { randomBytes } from 'node:crypto';
import { formatId, newId } from '#contracts';
import type { InstallationDatabase } from '../installation.store.js';
import type { openSealer } from './sealer.js';

type Sealer = Awaited<ReturnType<typeof openSealer>>;

export interface MessagePlan {
  conversationId: string;
  /** Take turns. */
  authors: readonly string[];
  count: number;
  /** Times of the first and the last, in milliseconds; the others lie evenly between. */
  from: number;
  to: number;
}

const messagesAtOnce = 5000;
/** Months that content is kept: it lies in the partition of the month in which it expires. */
const keptMonths = 120;
const text = '请各部门在今天下班以前把本周的工作总结和下周的计划发到办公室谢谢大家配合';

/** Messages in a conversation that has none yet, each sealed by itself as if it had been sent. */
export async function seedMessages(
  database: InstallationDatabase,
  sealer: Sealer,
  plan: MessagePlan,
): Promise<void> {
  const months = new Map<string, number>();
  for (let done = 0; done < plan.count; done += messagesAtOnce) {
    const count = Math.min(messagesAtOnce, plan.count - done);
    const rows = await sealAll(sealer, plan, done, count);
    await ensureMonths(database, rows, months);
    await database.query('begin');
    const [head] = await database.query<{ pos: string }>(
      'update persistence.log_head set pos = pos + $1 where id = 0 returning pos',
      [count],
    );
    await database.query(insertSql, [plan.conversationId, Number(head!.pos) - count, ...columnsOf(rows)]);
    await database.query('commit');
  }
  await database.query(headSql, [plan.conversationId, [...months.keys()], [...months.values()]]);
}

type Row = [
  seq: number,
  at: Date,
  id: string,
  author: string,
  clientId: string,
  bucket: string,
  commitment: Buffer,
  salt: Buffer,
  sealed: Buffer,
];

async function sealAll(sealer: Sealer, plan: MessagePlan, done: number, count: number): Promise<Row[]> {
  const { authors, from, to } = plan;
  const places = Array.from({ length: count }, (_, i) => {
    const place = done + i;
    const at = Math.floor(from + ((to - from) * place) / Math.max(1, plan.count - 1));
    return { place, at, author: authors[place % authors.length]!, bucket: monthAfter(at, keptMonths) };
  });
  await sealer.ensureKeys(places.map(({ author, bucket }) => ({ ownerId: author, bucket })));
  return places.map(({ place, at, author, bucket }) => {
    const id = idAt(at);
    const body = { type: 'text', text: `${place} ${text}` };
    const { commitment, salt, sealed } = sealer.seal(author, bucket, id, 1, body);
    // The first event of the conversation is how it began.
    return [place + 2, new Date(at), id, author, newId(), bucket, commitment, salt, sealed];
  });
}

/** Notes the first seq of each month, too. */
async function ensureMonths(database: InstallationDatabase, rows: Row[], months: Map<string, number>) {
  for (const [seq, at, , , , bucket] of rows) {
    const month = monthAfter(at.getTime(), 0);
    if (months.has(month)) continue;
    months.set(month, seq);
    await database.ensureMonths(month, bucket);
  }
}

const columnsOf = (rows: Row[]): unknown[][] => rows[0]!.map((_, column) => rows.map((row) => row[column]));

export function monthAfter(at: number, months: number): string {
  const date = new Date(at);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)).toISOString().slice(0, 10);
}

/** A UUIDv7 of a time that has passed. */
function idAt(at: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(at, 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return formatId(bytes);
}

const insertSql = `
  with rows as (
    select * from unnest($3::bigint[], $4::timestamptz[], $5::uuid[], $6::uuid[], $7::text[], $8::date[], $9::bytea[],
                         $10::bytea[], $11::bytea[]) with ordinality
        as row (seq, at, id, author, client_id, bucket, commitment, salt, sealed, place)
  ), contents as (
    insert into messaging.content (message_id, version, bucket, key_ref, salt, sealed)
    select id, 1, bucket, author, salt, sealed from rows
  ), keys as (
    insert into messaging.send_key (sender_id, client_id, request_mac, conversation_id, seq, message_id, at)
    select author, client_id, commitment, $1::uuid, seq, id, at from rows
  )
  insert into messaging.event (conversation_id, seq, at, pos, id, type, actor_id, actor_kind, client_id, message_id,
                               content_bucket, commitment, meta)
  select $1::uuid, seq, at, $2::bigint + place, id, 'message.created', author, 'person', client_id, id, bucket,
         commitment, '{}'::bytea
    from rows`;

const headSql = `
  with segments as (
    insert into messaging.segment (conversation_id, month, first_seq)
    select $1::uuid, * from unnest($2::date[], $3::bigint[]) on conflict do nothing)
  update messaging.conversation c
     set head_seq = last.seq, head_pos = last.pos, last_at = last.at, last_message_seq = last.seq, last_message_at = last.at
    from (select seq, pos, at from messaging.event where conversation_id = $1::uuid order by seq desc limit 1) as last
   where c.id = $1::uuid`;
