import type { InstallationDatabase } from '../installation.store.js';

/** A direct conversation or group, and which member, by place, writes in it when somebody must. */
export interface OfficeConversation {
  id: string;
  /** How far the two sit apart, or which of a person's groups this is. */
  number: number;
  writer: number;
}

export interface Office {
  directs: OfficeConversation[];
  groups: OfficeConversation[];
}

export const office = {
  /** With the ten on either side: 20 direct conversations each. */
  neighbours: 10,
  /** And 30 groups, each with other people. */
  groupsEach: 30,
  groupSize: 25,
} as const;

/**
 * Gives everybody 50 conversations, as the API would have made them: their rows, their first event and its place in the
 * log, by statements over all of them because one by one it would take an hour.
 */
export async function seedOffice(database: InstallationDatabase, people: readonly string[]): Promise<Office> {
  const { neighbours, groupsEach, groupSize } = office;
  if (people.length % groupSize !== 0)
    throw new Error(`${people.length} people do not fill groups of ${groupSize}`);
  await database.query('begin');
  await database.query(`create temporary table office_person on commit drop as
    select place - 1 as place, id from unnest(array['${people.join("','")}']::uuid[]) with ordinality as p (id, place)`);
  await database.query('create index on office_person (place)');
  await database.query(plannedSql, [people.length, neighbours, groupsEach, groupSize]);
  const [taken] = await database.query<{ pos: string; count: string }>(takeSql);
  for (const sql of rowsSql) await database.query(sql, [Number(taken!.pos) - Number(taken!.count)]);
  const planned = await database.query<OfficeConversation & { kind: string }>(
    'select id, kind, number, writer::int from office_conversation order by place',
  );
  await database.query('commit');
  return {
    directs: planned.filter(({ kind }) => kind === 'direct'),
    groups: planned.filter(({ kind }) => kind === 'group'),
  };
}

// Multiplied by a number that shares no divisor with the count of people, every round of groups mixes them anew.
const plannedSql = `
  create temporary table office_conversation on commit drop as
  select row_number() over () as place, uuidv7() as id, planned.* from (
    select 'direct' as kind, null as name, distance as number, one.place as writer, array[one.id, other.id] as members
      from office_person one
      cross join generate_series(1, $2::int) as distance
      join office_person other on other.place = (one.place + distance) % $1::int
    union all
    select 'group', 'Group ' || round || '-' || block, round,
           min(place), array_agg(id order by place)
      from (select id, place, round, (place * (7 + 30 * round) + round) % $1::int / $4::int as block
              from office_person cross join generate_series(1, $3::int) as round) as seated
     group by round, block) as planned`;

const takeSql = `
  update persistence.log_head set pos = pos + count, at = date_trunc('milliseconds', clock_timestamp())
    from (select count(*) from office_conversation) as planned
   where log_head.id = 0 returning pos, count`;

const at = '(select at from persistence.log_head where id = 0)';

const rowsSql = [
  `insert into messaging.conversation (id, kind, name, created_at, head_seq, head_pos, last_at, member_count)
   select id, kind, name, ${at}, 1, $1::bigint + place, ${at}, cardinality(members) from office_conversation`,
  `insert into messaging.membership (conversation_id, person_id, joined_seq, joined_pos, role, read_seq, read_event_at)
   select id, person, 1, $1::bigint + place, case when kind = 'group' and seat = 1 then 'owner' else 'member' end, 0, ${at}
     from office_conversation cross join unnest(members) with ordinality as member (person, seat)`,
  `insert into messaging.event (conversation_id, seq, at, pos, id, type, actor_id, actor_kind, meta)
   select id, 1, ${at}, $1::bigint + place, uuidv7(), 'conversation.created', members[1], 'person',
          convert_to(json_strip_nulls(json_build_object('kind', kind, 'name', name, 'memberIds', members))::text, 'UTF8')
     from office_conversation`,
  `insert into messaging.segment (conversation_id, month, first_seq)
   select id, date_trunc('month', ${at} at time zone 'UTC')::date, 1 from office_conversation where $1::bigint is not null`,
  `insert into messaging.direct_pair (low, high, conversation_id)
   select least(members[1], members[2]), greatest(members[1], members[2]), id
     from office_conversation where kind = 'direct' and $1::bigint is not null`,
];
