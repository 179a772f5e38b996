import { Fragment, type ReactNode } from 'react';
import { usePeople } from '../people/people.js';
import { useMe } from '../shell/me.js';
import classes from './message.module.css';

/** Ends before what closes a sentence, Chinese marks included. */
const link =
  /https?:\/\/[^\s<>"'`\u3000-\u303f\uff00-\uffef]+[^\s<>"'`\u3000-\u303f\uff00-\uffef.,;:!?)\]}]/g;

/** Written text with its line breaks, addresses one can follow, and the people it mentions. */
export function MessageText({ text, mentions }: { text: string; mentions: readonly string[] | undefined }) {
  const me = useMe();
  const personOf = usePeople();
  const names = new Map<string, boolean>();
  for (const id of mentions ?? []) {
    const name = personOf(id)?.displayName;
    if (name) names.set(`@${name}`, id === me.id);
  }
  return (
    <p className={classes['text']} dir="auto">
      {split(text, link).map(([part, isLink], i) => (
        <Fragment key={i}>
          {isLink ? (
            <a href={part} target="_blank" rel="noopener noreferrer">
              {part}
            </a>
          ) : (
            withMentions(part, names)
          )}
        </Fragment>
      ))}
    </p>
  );
}

/** The text in pieces, each with whether it is a match. */
function split(text: string, form: RegExp): [string, boolean][] {
  const pieces: [string, boolean][] = [];
  let from = 0;
  for (const match of text.matchAll(form)) {
    if (match.index > from) pieces.push([text.slice(from, match.index), false]);
    pieces.push([match[0], true]);
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push([text.slice(from), false]);
  return pieces;
}

function withMentions(text: string, names: ReadonlyMap<string, boolean>): ReactNode {
  if (names.size === 0) return text;
  const form = new RegExp([...names.keys()].map(escaped).join('|'), 'g');
  return split(text, form).map(([part, isMention], i) =>
    isMention ? (
      <span key={i} className={classes['mention']} data-me={names.get(part) || undefined}>
        {part}
      </span>
    ) : (
      part
    ),
  );
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
