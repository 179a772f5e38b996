import { memo } from 'react';
import { Link } from 'wouter';
import type { Conversation } from '#contracts';
import { useDraft } from '../composer/drafts.js';
import { lineOf } from '../messages/line.js';
import { useOutbox } from '../messages/use-outbox.js';
import { GroupAvatar, PersonAvatar } from '../people/avatar.js';
import { usePerson } from '../people/people.js';
import type { Settings } from '../settings/settings.js';
import { useMe } from '../shell/me.js';
import { useWords } from '../words/index.js';
import { fullTime, shortTime } from '../words/times.js';
import classes from './conversation-list.module.css';

interface ConversationRowProps {
  conversation: Conversation;
  isOpen: boolean;
  density: Settings['density'];
}

export const ConversationRow = memo(function ConversationRow({
  conversation,
  isOpen,
  density,
}: ConversationRowProps) {
  const { t, language } = useWords();
  const { id, name, unread, mentions, lastMessage, createdAt } = conversation;
  const at = new Date(lastMessage?.at ?? createdAt);
  const words = { today: t('view.today'), yesterday: t('list.yesterday') };
  return (
    <Link
      href={`/c/${id}`}
      className={classes['row']}
      aria-current={isOpen ? 'true' : undefined}
      data-density={density}
      data-testid="conversation-row"
      data-conversation={id}
    >
      <ConversationAvatar conversation={conversation} size={density === 'compact' ? 36 : 40} />
      <div className={classes['body']}>
        <div className={classes['top']}>
          <span className={classes['name']} title={name ?? undefined}>
            {name}
          </span>
          <time className={classes['time']} dateTime={at.toISOString()} title={fullTime(at, language)}>
            {shortTime(at, language, words)}
          </time>
        </div>
        <div className={classes['bottom']}>
          <LastLine conversation={conversation} isOpen={isOpen} />
          {unread > 0 && (
            <span
              className={classes['badge']}
              data-mention={mentions > 0 || undefined}
              data-testid="unread"
              aria-label={t('list.unread', { count: unread })}
            >
              {unread > 99 ? '99+' : unread}
            </span>
          )}
        </div>
      </div>
    </Link>
  );
});

export function ConversationAvatar({ conversation, size }: { conversation: Conversation; size: number }) {
  const { kind, id, peerId, name } = conversation;
  if (kind === 'direct') return <PersonAvatar personId={peerId} name={name} size={size} withPresence />;
  return <GroupAvatar id={id} size={size} />;
}

/** The draft, what is on its way or failed, else the latest message. */
function LastLine({ conversation, isOpen }: { conversation: Conversation; isOpen: boolean }) {
  const { t } = useWords();
  const me = useMe();
  const { id, kind, lastMessage, mentions } = conversation;
  const draft = useDraft(id);
  const pending = useOutbox(id).at(-1);
  const sender = usePerson(kind === 'group' ? lastMessage?.actorId : null);
  if (draft && !isOpen) {
    return (
      <span className={classes['line']}>
        <span className={classes['draft']}>{t('list.draft')}</span> {draft.replaceAll(/\s+/g, ' ')}
      </span>
    );
  }
  if (pending) {
    return (
      <span className={classes['line']}>
        {pending.state === 'failed' && <span className={classes['draft']}>{t('list.failed')} </span>}
        {lineOf(t, { body: pending.body, file: pending.file })}
      </span>
    );
  }
  if (!lastMessage) return <span className={classes['line']}>{t('list.noMessages')}</span>;
  const isMine = lastMessage.actorId === me.id;
  const who = kind === 'group' ? (isMine ? t('line.you') : sender?.displayName) : undefined;
  return (
    <span className={classes['line']} data-testid="last-line">
      {mentions > 0 && <span className={classes['draft']}>{t('list.mentioned')} </span>}
      {who && `${who}: `}
      {lineOf(t, lastMessage)}
    </span>
  );
}
