import { useState } from 'react';
import type { EventOf, SentBody } from '#contracts';
import { useWords } from '../words/index.js';
import { FileContent } from './file-content.js';
import classes from './message.module.css';
import { MessageText } from './message-text.js';
import { isImage, lineOf } from './line.js';

interface BubbleProps {
  body: SentBody | undefined;
  state: EventOf<'message.created'>['state'];
  isMine: boolean;
}

/** A text so long is folded until somebody wants it. */
const foldedCharacters = 600;
const foldedLines = 16;

export function Bubble({ body, state, isMine }: BubbleProps) {
  const { t } = useWords();
  if (!body || (body.type !== 'text' && body.type !== 'file')) {
    return <p className={classes['stub']}>{lineOf(t, { body, state })}</p>;
  }
  if (body.type === 'text') {
    return (
      <div className={classes['bubble']} data-mine={isMine || undefined}>
        <FoldedText text={body.text} mentions={body.mentions} />
      </div>
    );
  }
  return (
    <div
      className={classes['bubble']}
      data-mine={isMine || undefined}
      data-bare={isImage(body.file.mediaType) && !body.caption ? true : undefined}
    >
      <FileContent fileId={body.fileId} file={body.file} />
      {body.caption && <FoldedText text={body.caption} mentions={undefined} />}
    </div>
  );
}

function FoldedText({ text, mentions }: { text: string; mentions: readonly string[] | undefined }) {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  const isLong = text.length > foldedCharacters || text.split('\n', foldedLines + 1).length > foldedLines;
  const shown = isLong && !isOpen ? `${beginningOf(text)}…` : text;
  return (
    <>
      <MessageText text={shown} mentions={mentions} />
      {isLong && (
        <button type="button" className={classes['fold']} onClick={() => setOpen(!isOpen)}>
          {isOpen ? t('view.collapse') : t('view.expand')}
        </button>
      )}
    </>
  );
}

const beginningOf = (text: string): string =>
  text
    .split('\n', foldedLines)
    .join('\n')
    .slice(0, foldedCharacters)
    // Not through the middle of a character of two halves.
    .replace(/[\ud800-\udbff]$/, '');
