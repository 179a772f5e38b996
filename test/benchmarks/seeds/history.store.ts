import type { InstallationDatabase } from '../installation.store.js';

/** Messages of one of the conversations that history is made of. */
const messagesEach = 500;
/** Bytes of a sealed message of the median length, and of the rest of what it leaves. */
const bytes = { sealed: 180, mac: 33, salt: 16 };
/** Rows of a statement; the months of a step take turns. */
const months = 84;

/**
 * Old messages by the statements that are fastest, between the people given and evenly over seven years: events, content,
 * send keys, conversations and members as real ones leave them. What they say is random bytes, for nobody opens them.
 */
export async function seedHistory(
  database: InstallationDatabase,
  people: readonly string[],
  count: number,
): Promise<void> {
  const conversationsEach = Math.max(1, Math.round(count / months / messagesEach));
  const messages = Math.round(count / months / conversationsEach);
  for (let ago = months - 1; ago >= 0; ago -= 1) {
    await seedMonth(database, { people, ago, conversations: conversationsEach, messages });
  }
}

async function seedMonth(
  database: InstallationDatabase,
  plan: { people: readonly string[]; ago: number; conversations: number; messages: number },
): Promise<void> {
  const { people, ago, conversations, messages } = plan;
  await database.query('begin');
  const [month] = await database.query<{ begins: string; expires: string; seconds: number }>(monthSql, [ago]);
  await database.ensureMonths(month!.begins, month!.expires);
  await database.query(
    `create temporary table old_conversation on commit drop as
     select n, uuidv7() as id, ($1::uuid[])[1 + (n * 7 + $2::int) % cardinality($1)] as one,
            ($1::uuid[])[1 + (n * 7 + $2::int + 1 + n % 20) % cardinality($1)] as other
       from generate_series(1, $3::int) as n`,
    [people, ago * 13, conversations],
  );
  const [head] = await database.query<{ pos: string }>(
    'update persistence.log_head set pos = pos + $1 where id = 0 returning pos',
    [conversations * messages],
  );
  const before = Number(head!.pos) - conversations * messages;
  const { begins, expires, seconds } = month!;
  await database.query(messagesSql, [
    messages,
    before,
    begins,
    seconds,
    expires,
    bytes.sealed,
    bytes.mac,
    bytes.salt,
  ]);
  await database.query(conversationsSql, [messages, before + conversations * messages, begins, seconds]);
  await database.query('commit');
}

/** Of this month only what has passed. */
const monthSql = `
  select begins::date::text as begins, (begins + interval '120 months')::date::text as expires,
         extract(epoch from least(begins + interval '1 month', now()) - begins)::float8 - 1 as seconds
    from (select date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' - $1::int * interval '1 month' as begins)
      as month`;

const at = `$3::timestamptz + (place / $1::float8) * $4::float8 * interval '1 second'`;

const messagesSql = `
  with rows as materialized (
    select c.id as conversation, place as seq, ${at} as at, $2::bigint + (place - 1) * (select count(*) from old_conversation) + n as pos,
           uuidv7(${at} - clock_timestamp()) as id, case when place % 2 = 0 then c.one else c.other end as author,
           uuidv7(${at} - clock_timestamp())::text as client
      from generate_series(1, $1::int) as place cross join old_conversation c
  ), contents as (
    insert into messaging.content (message_id, version, bucket, key_ref, salt, sealed)
    select id, 1, $5::date, author, substr(noise, 1, $8::int), noise from rows
     cross join (select decode(repeat(md5(random()::text), $6::int / 16), 'hex') as noise) as random
  ), keys as (
    insert into messaging.send_key (sender_id, client_id, request_mac, conversation_id, seq, message_id, at)
    select author, client, mac, conversation, seq, id, at from rows
     cross join (select substr(decode(repeat(md5(random()::text), 3), 'hex'), 1, $7::int) as mac) as random
  )
  insert into messaging.event (conversation_id, seq, at, pos, id, type, actor_id, actor_kind, client_id, message_id,
                               content_bucket, commitment, meta)
  select conversation, seq, at, pos, id, 'message.created', author, 'person', client, id, $5::date,
         substr(decode(repeat(md5(client), 3), 'hex'), 1, $7::int), '{}'::bytea
    from rows`;

const conversationsSql = `
  with conversations as (
    insert into messaging.conversation (id, kind, name, created_at, head_seq, head_pos, last_at, last_message_seq,
                                        last_message_at, member_count)
    select id, 'group', 'Old ' || n, $3::timestamptz, $1::int, $2::bigint, $3::timestamptz + $4::float8 * interval '1 second',
           $1::int, $3::timestamptz + $4::float8 * interval '1 second', 2
      from old_conversation
  ), segments as (
    insert into messaging.segment (conversation_id, month, first_seq)
    select id, ($3::timestamptz at time zone 'UTC')::date, 1 from old_conversation
  )
  insert into messaging.membership (conversation_id, person_id, joined_seq, joined_pos, role, read_seq, read_event_at)
  select id, person, 1, $2::bigint, case when seat = 1 then 'owner' else 'member' end, $1::int, $3::timestamptz
    from old_conversation cross join unnest(array[one, other]) with ordinality as member (person, seat)`;
