import type { InstallationDatabase } from '../installation.store.js';
import { seedConversations, type SeededConversation } from './conversations.store.js';

/** With the ten on either side: 20 direct conversations each. And 30 groups, each with other people. */
const neighbours = 10;
const groupsEach = 30;
const groupSize = 25;

/** Gives everybody 50 conversations. */
export function seedOffice(
  database: InstallationDatabase,
  people: readonly string[],
): Promise<SeededConversation[]> {
  if (people.length % groupSize !== 0) {
    throw new Error(`${people.length} people do not fill groups of ${groupSize}`);
  }
  const parameters = [people.length, neighbours, groupsEach, groupSize];
  return seedConversations(database, { people, sql, parameters });
}

// Multiplied by a number that shares no divisor with the count of people, every round of groups mixes them anew.
const sql = `
  select 'direct' as kind, null as name, distance as number, one.place as writer, array[one.id, other.id] as members
    from planned_person one
    cross join generate_series(1, $2::int) as distance
    join planned_person other on other.place = (one.place + distance) % $1::int
  union all
  select 'group', 'Group ' || round || '-' || block, round, min(place), array_agg(id order by place)
    from (select id, place, round, (place * (7 + 30 * round) + round) % $1::int / $4::int as block
            from planned_person cross join generate_series(1, $3::int) as round) as seated
   group by round, block`;
