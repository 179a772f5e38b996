import type { Conversation, EventOf } from '#contracts';
import { Link } from 'wouter';
import { PersonAvatar } from '../people/avatar.js';
import { usePerson } from '../people/people.js';
import { useMe } from '../shell/me.js';
import { clock, fullTime } from '../words/times.js';
import { useWords } from '../words/index.js';
import { Bubble } from './bubble.js';
import { MessageActions } from './message-actions.js';
import classes from './message.module.css';
import { ReadState } from './read-state.js';

interface MessageRowProps {
  event: EventOf<'message.created'>;
  isFirst: boolean;
  isLast: boolean;
  isMarked: boolean;
  conversationId: string;
  kind: Conversation['kind'];
}

/** A message as it stands in the log. Mine are on the right, those of others on the left. */
export function MessageRow({ event, isFirst, isLast, isMarked, conversationId, kind }: MessageRowProps) {
  const { language } = useWords();
  const me = useMe();
  const sender = usePerson(event.actorId);
  const isMine = event.actorId === me.id;
  const at = new Date(event.at);
  return (
    <article
      className={classes['row']}
      data-mine={isMine || undefined}
      data-first={isFirst || undefined}
      data-marked={isMarked || undefined}
      data-testid="message"
      data-seq={event.seq}
      data-state="sent"
      data-message={event.messageId}
      aria-label={`${sender?.displayName ?? ''} ${fullTime(at, language)}`}
    >
      {!isMine && (
        <div className={classes['avatar']}>
          {isFirst && event.actorId && (
            <Link href={`/p/${event.actorId}`} aria-label={sender?.displayName}>
              <PersonAvatar personId={event.actorId} size={36} />
            </Link>
          )}
        </div>
      )}
      <div className={classes['content']}>
        {isFirst && (
          <div className={classes['who']}>
            {!isMine && kind === 'group' && (
              <span className={classes['sender']} title={sender?.departmentName ?? undefined}>
                {sender?.displayName}
              </span>
            )}
            <time dateTime={event.at} title={fullTime(at, language)}>
              {clock(at, language)}
            </time>
          </div>
        )}
        <div className={classes['line']}>
          <Bubble body={event.body} state={event.state} isMine={isMine} />
          <MessageActions event={event} conversationId={conversationId} />
        </div>
        {isMine && isLast && <ReadState seq={event.seq} />}
      </div>
    </article>
  );
}
