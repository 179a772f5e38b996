import { pinyin, polyphonic } from 'pinyin-pro';
import { foldText, isHan, searchText } from './search-text.js';

/** More readings of a name than these are not indexed; names of five polyphones are rare enough. */
const readingsKept = 8;
/** Of what is longer than a person's name, such as the name of a department. */
const longName = { characters: 6, readingsKept: 2 };

const options = { toneType: 'none', type: 'array', v: true } as const;

/** The one that was asked for last: a name is sorted and searched by the same reading. */
let last: { name: string; syllables: string[] } = { name: '', syllables: [] };

function likelyReading(name: string): string[] {
  if (last.name !== name) last = { name, syllables: pinyin(name, { ...options, surname: 'head' }) };
  return last.syllables;
}

const possible = new Map<string, string[]>();

/** What a character can be read like, whatever stands beside it. */
function possibleReadings(character: string): string[] {
  let readings = possible.get(character);
  if (!readings) possible.set(character, (readings = polyphonic(character, options)[0] ?? []));
  return readings;
}

/** By this people are sorted: pinyin of Chinese names, lower case of others. */
export function sortKey(displayName: string): string {
  if (!isHan(displayName)) return foldText(displayName);
  return likelyReading(searchText(displayName)).join(' ');
}

/** The likely reading of a name first, then those its polyphones allow. lü is found by lv and by lu. */
export function readingsOf(characters: readonly string[]): string[][] {
  const likely = likelyReading(characters.join(''));
  const kept = characters.length > longName.characters ? longName.readingsKept : readingsKept;
  let combined: string[][] = [[]];
  for (let i = 0; i < characters.length; i += 1) {
    const syllables = new Set(
      [likely[i], ...possibleReadings(characters[i]!)]
        .filter((syllable) => syllable !== undefined)
        .map((syllable) => syllable.replaceAll('ü', 'v'))
        .flatMap((syllable) =>
          /^[ln]ve?$/.test(syllable) ? [syllable, syllable.replace('v', 'u')] : [syllable],
        ),
    );
    combined = [...syllables].flatMap((syllable) => combined.map((before) => [...before, syllable]));
    combined = combined.slice(0, kept);
  }
  return combined;
}
