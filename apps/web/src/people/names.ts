/** Twelve muted colours; white letters on each have a contrast of at least 4.5:1. */
const colors = [
  '#4a5f8c',
  '#5b5296',
  '#7a4d85',
  '#8f4a63',
  '#94524a',
  '#8a5a33',
  '#716326',
  '#55702f',
  '#33744a',
  '#2b7268',
  '#2d6c84',
  '#55606f',
];

/** One of twelve, always the same for the same id. */
export function colorOf(id: string): string {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.codePointAt(0)!) >>> 0;
  return colors[sum % colors.length]!;
}

const han = /\p{Script=Han}/u;

/** The last two characters of a Chinese name, the initials of another. */
export function shortName(name: string): string {
  const trimmed = name.trim();
  if (han.test(trimmed)) {
    return [...trimmed]
      .filter((character) => han.test(character))
      .slice(-2)
      .join('');
  }
  const words = trimmed.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return letters.map((word) => [...word][0]!.toUpperCase()).join('');
}
