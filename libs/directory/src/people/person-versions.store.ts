import { takePositions, type Transaction } from '#persistence';
import type { PersonVersionRow } from './person.entity.js';

/** Keeps what people are from now on, with the positions at which it begins. */
export async function addPersonVersions(
  tx: Transaction,
  versions: Omit<PersonVersionRow, 'pos' | 'at'>[],
): Promise<void> {
  const { first, headAt } = await takePositions(tx, 'messages', versions.length);
  // Others wait for the head of the log meanwhile: one statement, whatever their number.
  await tx.query(
    `insert into directory.person_version (pos, person_id, at, change, attributes)
     select $1::bigint + place - 1, (version ->> 'personId')::uuid, $2, version ->> 'change', version -> 'attributes'
       from jsonb_array_elements($3::jsonb) with ordinality as made (version, place)`,
    [first, new Date(headAt), JSON.stringify(versions)],
  );
}
