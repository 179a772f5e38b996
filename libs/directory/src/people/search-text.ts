import { Converter } from 'opencc-js/t2cn';

/** Lower case, full width to half width, no marks. The same for what is stored and what is asked. */
export const foldText = (text: string): string => text.normalize('NFKC').toLowerCase();

const toSimplified = Converter({ from: 't', to: 'cn' });
const simplified = new Map<string, string>();

/** One character at a time: the begin of a name folds to the begin of what the name folds to. */
function simplify(character: string): string {
  const known = simplified.get(character);
  if (known !== undefined) return known;
  if (!isHan(character)) return character;
  const found = toSimplified(character);
  simplified.set(character, found);
  return found;
}

const han = /\p{Script=Han}/u;
export const isHan = (text: string): boolean => han.test(text);

const plain = /^[ -~]*$/;

/** As `foldText`, traditional characters as simplified ones, without what cannot be seen. */
export const searchText = (text: string): string =>
  plain.test(text)
    ? text.toLowerCase()
    : [...foldText(text).replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')].map(simplify).join('');

/**
 * The words of a text: what stands between spaces, punctuation and signs, Chinese apart from the rest. A text of nothing but
 * these is its own word.
 */
export function searchWords(text: string): string[] {
  const folded = searchText(text);
  const words = folded.split(/[\s\p{P}\p{Sm}\p{Sc}\p{Sk}]+/u).filter((word) => word !== '');
  return words.length > 0 ? words : folded.split(/\s+/).filter((word) => word !== '');
}

/** 张wei is 张 and wei. */
export const scriptRuns = (word: string): string[] =>
  word.match(/\p{Script=Han}+|[^\p{Script=Han}]+/gu) ?? [];
