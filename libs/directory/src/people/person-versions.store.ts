import { takePositions, type Transaction } from '#persistence';
import { PersonVersionRow } from './person.entity.js';

/** Keeps what people are from now on, with the positions at which it begins. */
export async function addPersonVersions(
  tx: Transaction,
  versions: Omit<PersonVersionRow, 'pos' | 'at'>[],
): Promise<void> {
  const { first, headAt } = await takePositions(tx, 'messages', versions.length);
  const rows = versions.map((version, i) => ({ ...version, pos: first + i, at: new Date(headAt) }));
  await tx.insert(PersonVersionRow, rows);
}
