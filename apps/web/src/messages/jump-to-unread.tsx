import { ArrowUp } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Conversation } from '#contracts';
import { useWords } from '../words/index.js';
import classes from './message.module.css';

interface JumpToUnreadProps {
  conversation: Conversation;
  /** Where the stretch on the screen begins. */
  fromSeq: number;
}

/** A way up to the first message that was not read when the conversation was opened, while that lies out of reach. */
export function JumpToUnread({ conversation: { id, readSeq, unread }, fromSeq }: JumpToUnreadProps) {
  const { t } = useWords();
  const [opened] = useState({ readSeq, unread });
  if (opened.unread === 0 || fromSeq <= opened.readSeq + 1) return null;
  return (
    <Link
      href={`/c/${id}/${opened.readSeq + 1}`}
      className={classes['jump']}
      data-up
      data-testid="jump-to-unread"
    >
      <ArrowUp size={16} aria-hidden />
      {t('view.toFirstUnread', { number: opened.unread > 99 ? '99+' : opened.unread })}
    </Link>
  );
}
