import { chance, draw, pick } from './draw.js';
import {
  commonSurnames,
  compoundSurnames,
  englishGivens,
  foreignGivens,
  foreignSurnames,
  givenFirsts,
  givenSeconds,
  otherSurnames,
  polyphoneSurnames,
  rareGivens,
  type Spoken,
  transcribedNames,
} from './name-tables.js';

export interface PersonName {
  readonly display: string;
  readonly surname: string;
  readonly given: string;
  /** What the account name is made from: `a`–`z` and dots only. */
  readonly account: string;
  /** The name used with foreign partners, where there is one. */
  readonly alias?: string;
}

export function nameOf(seed: number, index: number): PersonName {
  const kind = draw(seed, 'nameKind', index) % 100;
  if (kind < 9) return foreignName(seed, index);
  if (kind < 12) return transcribedName(seed, index);
  return chineseName(seed, index);
}

function chineseName(seed: number, index: number): PersonName {
  const surname = surnameOf(seed, index);
  const given = givenOf(seed, index);
  const name = {
    display: surname.written + given.written,
    surname: surname.written,
    given: given.written,
    account: surname.latin + given.latin,
  };
  if (!chance(seed, 'alias', index, 15)) return name;
  const english = pick(englishGivens, draw(seed, 'aliasGiven', index));
  return { ...name, alias: `${english} ${capitalised(surname.latin)}` };
}

function surnameOf(seed: number, index: number): Spoken {
  const tier = draw(seed, 'surnameTier', index) % 100;
  const which = draw(seed, 'surname', index);
  if (tier < 68) return pick(commonSurnames, which);
  if (tier < 90) return pick(otherSurnames, which);
  if (tier < 97) return pick(polyphoneSurnames, which);
  return pick(compoundSurnames, which);
}

function givenOf(seed: number, index: number): Spoken {
  const last = chance(seed, 'rareGiven', index, 3)
    ? pick(rareGivens, draw(seed, 'givenSecond', index))
    : pick(givenSeconds, draw(seed, 'givenSecond', index));
  if (chance(seed, 'givenLength', index, 30)) return last;
  const first = pick(givenFirsts, draw(seed, 'givenFirst', index));
  return { written: first.written + last.written, latin: first.latin + last.latin };
}

function foreignName(seed: number, index: number): PersonName {
  const given = pick(foreignGivens, draw(seed, 'foreignGiven', index));
  const surname = pick(foreignSurnames, draw(seed, 'foreignSurname', index));
  return {
    display: `${given} ${surname}`,
    surname,
    given,
    account: `${plainLetters(given)}.${plainLetters(surname)}`,
  };
}

function transcribedName(seed: number, index: number): PersonName {
  const name = pick(transcribedNames, draw(seed, 'foreign', index));
  const [given = name.written, surname = name.written] = name.written.split('·');
  return { display: name.written, surname, given, account: name.latin };
}

function plainLetters(text: string): string {
  return (
    text
      .normalize('NFD')
      .toLowerCase()
      // Unicode gives this letter no decomposition.
      .replaceAll('ø', 'o')
      .replaceAll(/[^a-z]/g, '')
  );
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
