import { pinyin, polyphonic } from 'pinyin-pro';

/** More readings of a name than these are not indexed; names of five polyphones are rare enough. */
const readingsKept = 8;
/** Up to this many syllables any mixture of whole syllables and initials is found. */
const mixedSyllables = 4;

const han = /\p{Script=Han}/u;

/** Lower case, full width to half width, no marks. The same for what is stored and what is asked. */
export const foldText = (text: string): string => text.normalize('NFKC').toLowerCase();

/** By this people are sorted: pinyin of Chinese names, lower case of others. */
export function sortKey(displayName: string): string {
  const name = foldText(displayName);
  if (!han.test(name)) return name;
  return pinyin(name, { toneType: 'none', type: 'array', surname: 'head' }).join(' ');
}

export interface Searchable {
  displayName: string;
  givenName: string | null;
  username: string;
  staffNumber: string | null;
  email: string | null;
  phone: string | null;
  mobile: string | null;
}

/** Words under which a person is found; a query matches the begin of any of them. */
export function searchTerms(person: Searchable): string[] {
  const terms = new Set<string>();
  for (const name of [person.displayName, person.givenName ?? '']) addName(terms, foldText(name));
  terms.add(foldText(person.username));
  if (person.staffNumber) terms.add(foldText(person.staffNumber));
  if (person.email) terms.add(foldText(person.email));
  for (const number of [person.phone, person.mobile]) addNumber(terms, number);
  terms.delete('');
  // The index refuses longer words.
  return [...terms].filter((term) => Buffer.byteLength(term) < 512);
}

function addName(terms: Set<string>, name: string): void {
  const characters = [...name].filter((character) => !/\s/.test(character));
  const chinese = characters.filter((character) => han.test(character));
  if (chinese.length > 0) addChinese(terms, chinese);
  const words = name.split(/[\s·.,'-]+/).filter((word) => word !== '' && !han.test(word));
  if (words.length === 0) return;
  for (let i = 0; i < words.length; i += 1) terms.add(words.slice(i).join(''));
  for (const word of words) terms.add(word);
  terms.add(words.map((word) => [...word][0]).join(''));
}

function addChinese(terms: Set<string>, characters: string[]): void {
  for (let i = 0; i < characters.length; i += 1) terms.add(characters.slice(i).join(''));
  for (const syllables of readings(characters)) {
    for (let i = 0; i < syllables.length; i += 1) addSpellings(terms, syllables.slice(i));
  }
}

/** The likely reading of a name first, then those its polyphones allow. */
function readings(characters: string[]): string[][] {
  const name = characters.join('');
  const likely = pinyin(name, { toneType: 'none', type: 'array', surname: 'head' });
  const possible = polyphonic(name, { toneType: 'none', type: 'array' });
  let combined: string[][] = [[]];
  for (let i = 0; i < characters.length; i += 1) {
    const syllables = new Set(
      [likely[i], ...(possible[i] ?? [])].filter((syllable) => syllable !== undefined),
    );
    combined = [...syllables].flatMap((syllable) => combined.map((before) => [...before, syllable]));
    combined = combined.slice(0, readingsKept);
  }
  return combined;
}

/** zhangweiming, zwm, zhangwm, zweiming …: a prefix of one of these is what people type. */
function addSpellings(terms: Set<string>, syllables: string[]): void {
  terms.add(syllables.join(''));
  terms.add(syllables.map((syllable) => syllable[0]).join(''));
  if (syllables.length > mixedSyllables) return;
  for (let mask = 1; mask < 2 ** syllables.length - 1; mask += 1) {
    terms.add(syllables.map((syllable, i) => (mask & (1 << i) ? syllable : syllable[0])).join(''));
  }
}

function addNumber(terms: Set<string>, number: string | null): void {
  const digits = number?.replaceAll(/\D/g, '') ?? '';
  if (digits.length < 3) return;
  terms.add(digits);
  // The last digits are what people remember, with or without the area code.
  for (const length of [4, 8, 11]) if (digits.length > length) terms.add(digits.slice(-length));
}

/**
 * The query as a tsquery: the words run together, or each of them, as the begin of a term. Undefined when there is
 * nothing to look for.
 */
export function searchQuery(q: string): string | undefined {
  const words = foldText(q)
    .split(/[\s,·'-]+/)
    .filter((word) => word !== '')
    .slice(0, 8);
  if (words.length === 0) return undefined;
  const quote = (word: string) => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}':*`;
  const together = quote(words.join(''));
  return words.length === 1 ? together : `${together} | (${words.map(quote).join(' & ')})`;
}
