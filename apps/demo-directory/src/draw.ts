/**
 * Everything invented about the demo organisation comes from here: a number that depends on the seed, on what it
 * is for and on an index, never on a draw before it. That is why person 7 is the same among 10 and among 200,000.
 */
const purposes = [
  'department',
  'nameKind',
  'surnameTier',
  'surname',
  'givenLength',
  'givenFirst',
  'givenSecond',
  'rareGiven',
  'foreign',
  'foreignGiven',
  'foreignSurname',
  'alias',
  'aliasGiven',
  'title',
  'secondPost',
  'secondDepartment',
  'secondTitle',
  'disabled',
  'photo',
  'avatar',
  'avatarColour',
] as const;

export type Purpose = (typeof purposes)[number];

const salts = new Map<Purpose, number>(
  purposes.map((purpose, place) => [purpose, Math.imul(place + 1, 0x85ebca6b)]),
);

/** A whole number from 0 to 2³² − 1, evenly spread. */
export function draw(seed: number, purpose: Purpose, index: number): number {
  const salt = salts.get(purpose) ?? 0;
  return mix(mix(seed ^ salt) ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0;
}

/** True for about `percent` of all indexes. */
export function chance(seed: number, purpose: Purpose, index: number, percent: number): boolean {
  return draw(seed, purpose, index) % 1000 < percent * 10;
}

export function pick<T>(list: readonly T[], number: number): T {
  const chosen = list[number % list.length];
  if (chosen === undefined) throw new Error('There is nothing to pick from an empty list.');
  return chosen;
}

/** The closing step of MurmurHash3: every bit of the input reaches every bit of the output. */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
