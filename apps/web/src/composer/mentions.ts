import type { Member } from '#contracts';

/** The `@…` that is being written before the caret. */
export interface MentionQuery {
  /** Where the @ stands. */
  start: number;
  text: string;
}

const longest = 20;

/** undefined where no name is being written. An @ inside a word, as of a mail address, begins none. */
export function mentionAt(text: string, caret: number): MentionQuery | undefined {
  const start = text.lastIndexOf('@', caret - 1);
  if (start === -1 || caret - start > longest) return undefined;
  if (start > 0 && /[\w.]/.test(text[start - 1]!)) return undefined;
  const written = text.slice(start + 1, caret);
  return /[\s@]/.test(written) ? undefined : { start, text: written };
}

/** The text with the name in place of what was written, and where the caret then stands. */
export function withMention(
  text: string,
  { start, text: written }: MentionQuery,
  name: string,
): { text: string; caret: number } {
  const before = `${text.slice(0, start)}@${name} `;
  const after = text.slice(start + 1 + written.length).replace(/^ /, '');
  return { text: before + after, caret: before.length };
}

/** Of the people chosen while writing, those whose name still stands in the text. */
export const mentionedIn = (text: string, chosen: ReadonlyMap<string, string>): string[] =>
  [...chosen].filter(([, name]) => text.includes(`@${name}`)).map(([id]) => id);

/** Members that fit: by name, then those found by their sound, then by user name. @param found by the service */
export function matching(members: readonly Member[], written: string, found: ReadonlySet<string>): Member[] {
  const wanted = written.toLowerCase();
  const fits: ((person: Member['person']) => boolean)[] = [
    ({ displayName }) => displayName.toLowerCase().includes(wanted),
    ({ id }) => found.has(id),
    ({ username }) => username.toLowerCase().includes(wanted),
  ];
  return [...new Set(fits.flatMap((fit) => members.filter(({ person }) => fit(person))))];
}
