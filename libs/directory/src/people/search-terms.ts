import { readingsOf } from './name-readings.js';
import { isHan, scriptRuns, searchText, searchWords } from './search-text.js';

export { sortKey } from './name-readings.js';
export { foldText } from './search-text.js';

/** Up to this many syllables any mixture of whole syllables and initials is found. */
const mixedSyllables = 4;
const termBytes = 512;

/** What a term stands for is said by its first character: control characters, which no folded text has. */
const mark = {
  /** The whole of a name. */
  whole: '\u0001',
  /** The begin of a name; terms without a mark are found in its middle. */
  begin: '\u0002',
  /** A number or an address, which a rule of visibility may hide. */
  private: '\u0003',
  privateWhole: '\u0004',
  form: '\u0005',
} as const;

/** The index refuses longer ones. A character has at most three bytes for each of its units. */
const isIndexed = (term: string) => term.length * 3 < termBytes || Buffer.byteLength(term) < termBytes;

/** Marks of what is only found as a whole. */
const wholly = new Set<string>([mark.whole, mark.privateWhole, mark.form]);

/** A person whose terms lack this was indexed by an earlier version of the product. */
export const termsForm = `${mark.form}2`;

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
  const terms = new Set<string>([termsForm]);
  for (const name of [person.displayName, person.givenName ?? '', person.username]) addName(terms, name);
  for (const text of [person.staffNumber, person.email]) addPrivate(terms, searchWords(text ?? '').join(''));
  for (const number of [person.phone, person.mobile]) addNumber(terms, number);
  return needed(terms);
}

/** Words under which a department is found. */
export function nameTerms(name: string): string[] {
  const terms = new Set<string>();
  addName(terms, name);
  return needed(terms);
}

/** Without those that are found as the begin of another one: half of what is to be indexed. */
function needed(terms: Iterable<string>): string[] {
  const sorted = [...terms].filter(isIndexed).sort();
  return sorted.filter((term, i) => wholly.has(term[0]!) || !sorted[i + 1]?.startsWith(term));
}

function addName(terms: Set<string>, name: string): void {
  const add = (text: string, i: number) => terms.add(i === 0 ? mark.begin + text : text);
  const runs = searchWords(name).flatMap(scriptRuns);
  if (runs.length === 0) return;
  terms.add(mark.whole + runs.join(''));
  terms.add(mark.begin + runs.join(''));
  const characters = [...searchText(name)].filter(isHan);
  if (characters.length > 0) addChinese(terms, characters);
  const words = runs.filter((word) => !isHan(word));
  words.forEach((word, i) => {
    add(words.slice(i).join(''), i);
    add(word, i);
  });
  if (words.length > 1) add(words.map((word) => [...word][0]).join(''), 0);
}

function addChinese(terms: Set<string>, characters: string[]): void {
  const add = (text: string, i: number) => terms.add(i === 0 ? mark.begin + text : text);
  for (let i = 0; i < characters.length; i += 1) add(characters.slice(i).join(''), i);
  readingsOf(characters).forEach((syllables, reading) => {
    if (reading === 0) terms.add(mark.whole + syllables.join(''));
    for (let i = 0; i < syllables.length; i += 1) {
      // What a name is hardly read like is found, but after those who are called so.
      for (const spelling of spellings(syllables.slice(i))) add(spelling, reading === 0 ? i : 1);
    }
  });
}

/**
 * zhangweiming, zweiming, zhangwming, zwming: a prefix of one of these is what people type, with as many letters of
 * each syllable but the last as they like: one or all.
 */
function* spellings(syllables: string[]): Generator<string> {
  // By code points: what has no reading stands for itself, and half of it is no text.
  const initials = syllables.map((syllable) => String.fromCodePoint(syllable.codePointAt(0)!));
  if (syllables.length > mixedSyllables) {
    yield syllables.join('');
    yield initials.join('');
    return;
  }
  const last = syllables.length - 1;
  for (let mask = 0; mask < 2 ** last; mask += 1) {
    let spelling = '';
    for (let i = 0; i < last; i += 1) spelling += mask & (1 << i) ? syllables[i] : initials[i];
    yield spelling + syllables[last];
  }
}

function addPrivate(terms: Set<string>, text: string): void {
  if (text === '') return;
  terms.add(mark.private + text);
  terms.add(mark.privateWhole + text);
}

function addNumber(terms: Set<string>, number: string | null): void {
  const digits = number?.replaceAll(/\D/g, '') ?? '';
  if (digits.length < 3) return;
  addPrivate(terms, digits);
  // The last digits are what people remember, with or without the area code.
  for (const length of [4, 8, 11]) if (digits.length > length) addPrivate(terms, digits.slice(-length));
}

/** A search, each part a tsquery: better matches first. */
export interface SearchQuery {
  /** Called exactly so. */
  whole: string;
  /** The name begins so. */
  begin: string;
  /** Every word is found somewhere, beyond what `begin` finds. */
  words: string;
  /** As `words`, by names alone: what is found of somebody whose numbers are hidden. */
  names: string;
  /** Each word by itself, as written. */
  each: string[];
}

const wordsAtMost = 8;

/** The search for what somebody typed; undefined when there is nothing to look for. */
export function searchQuery(q: string): SearchQuery | undefined {
  const each = searchWords(q).flatMap(scriptRuns).slice(0, wordsAtMost);
  if (each.length === 0) return undefined;
  const together = each.join('');
  return {
    whole: anyOf([mark.whole + together, mark.privateWhole + together]),
    begin: anyOf([mark.begin + together, mark.private + together], ':*'),
    // By the middle alone where it can be: a search for 王 would else look at everybody whom `begin` has found.
    words: each.length === 1 ? anyOf([together], ':*') : somewhere(each, ['', mark.begin, mark.private]),
    names: byNames(each),
    each,
  };
}

/** Every word is found in a name. */
export const byNames = (words: readonly string[]): string => somewhere(words, ['', mark.begin]);

/** Every word, or all of them run together. */
function somewhere(words: readonly string[], marks: readonly string[]): string {
  const anywhere = (word: string) =>
    anyOf(
      marks.map((one) => one + word),
      ':*',
    );
  const together = anywhere(words.join(''));
  return words.length === 1 ? together : `${together} | (${words.map(anywhere).join(' & ')})`;
}

const anyOf = (terms: readonly string[], suffix = ''): string =>
  `(${terms.map((term) => `'${term.replaceAll('\\', '\\\\').replaceAll("'", "''")}'${suffix}`).join(' | ')})`;
