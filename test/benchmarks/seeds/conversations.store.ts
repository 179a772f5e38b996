import type { InstallationDatabase } from '../installation.store.js';

export interface SeededConversation {
  id: string;
  kind: 'direct' | 'group';
  /** Whatever the plan numbers: a distance, a round. */
  number: number;
  /** Place, in the plan, of the member who writes. */
  writer: number;
}

export interface ConversationPlan {
  /** People, in the order of their places. */
  people: readonly string[];
  /** Selects kind, name, number, writer and members from `planned_person (place, id)`. */
  sql: string;
  parameters: unknown[];
  /** When they began; absent: now. */
  at?: Date;
}

/**
 * Conversations as the API would have made them: their rows, their first event and its place in the log. By statements
 * over all of them, because one by one it would take an hour.
 */
export async function seedConversations(
  database: InstallationDatabase,
  { people, sql, parameters, at = new Date() }: ConversationPlan,
): Promise<SeededConversation[]> {
  await database.query('begin');
  await database.query(
    'create temporary table planned_person (place int primary key, id uuid) on commit drop',
  );
  await database.query(
    'insert into planned_person select place - 1, id from unnest($1::uuid[]) with ordinality as p (id, place)',
    [people],
  );
  await database.query(
    `create temporary table planned on commit drop as
     select row_number() over () as place, uuidv7() as id, null::text as kind, null::text as name, null::int as number,
            null::int as writer, null::uuid[] as members limit 0`,
  );
  await database.query(
    `insert into planned select row_number() over (), uuidv7(), kind, name, number, writer, members from (${sql}) as plan`,
    parameters,
  );
  const [taken] = await database.query<{ pos: string; count: string }>(takeSql);
  const before = Number(taken!.pos) - Number(taken!.count);
  for (const statement of rowsSql) await database.query(statement, [before, at]);
  const seeded = await database.query<SeededConversation>(
    'select id, kind, number, writer from planned order by place',
  );
  await database.query('commit');
  return seeded;
}

const takeSql = `
  update persistence.log_head set pos = pos + count, at = date_trunc('milliseconds', clock_timestamp())
    from (select count(*) from planned) as plan
   where log_head.id = 0 returning pos, count`;

// Each takes the position before the first and the time of all.
const rowsSql = [
  `insert into messaging.conversation (id, kind, name, created_at, head_seq, head_pos, last_at, member_count)
   select id, kind, name, $2::timestamptz, 1, $1::bigint + place, $2::timestamptz, cardinality(members) from planned`,
  `insert into messaging.membership (conversation_id, person_id, joined_seq, joined_pos, role, read_seq, read_event_at)
   select id, person, 1, $1::bigint + place, case when kind = 'group' and seat = 1 then 'owner' else 'member' end, 0,
          $2::timestamptz
     from planned cross join unnest(members) with ordinality as member (person, seat)`,
  `insert into messaging.event (conversation_id, seq, at, pos, id, type, actor_id, actor_kind, meta)
   select id, 1, $2::timestamptz, $1::bigint + place, uuidv7(), 'conversation.created', members[1], 'person',
          convert_to(json_strip_nulls(json_build_object('kind', kind, 'name', name, 'memberIds', members))::text, 'UTF8')
     from planned`,
  `insert into messaging.segment (conversation_id, month, first_seq)
   select id, date_trunc('month', $2::timestamptz at time zone 'UTC')::date, 1 from planned where $1::bigint >= 0`,
  `insert into messaging.direct_pair (low, high, conversation_id)
   select least(members[1], members[2]), greatest(members[1], members[2]), id
     from planned where kind = 'direct' and $1::bigint >= 0 and $2::timestamptz is not null`,
];
