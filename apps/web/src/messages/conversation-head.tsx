import { ActionIcon, Tooltip } from '@mantine/core';
import { ChevronLeft, PanelRight } from 'lucide-react';
import { memo } from 'react';
import { Link, useLocation } from 'wouter';
import type { Conversation } from '#contracts';
import { ConversationAvatar } from '../conversations/conversation-row.js';
import { usePerson } from '../people/people.js';
import { useWords } from '../words/index.js';
import classes from './conversation-page.module.css';

interface ConversationHeadProps {
  conversation: Conversation;
  isPanelOpen: boolean;
  onPanel: () => void;
}

/** Drawn anew for what it shows, not for every message. */
export const ConversationHead = memo(Head, isSameHead);

const shown = ['id', 'kind', 'name', 'peerId', 'memberCount'] as const;

function isSameHead(a: ConversationHeadProps, b: ConversationHeadProps): boolean {
  return (
    a.isPanelOpen === b.isPanelOpen && shown.every((part) => a.conversation[part] === b.conversation[part])
  );
}

function Head({ conversation, isPanelOpen, onPanel }: ConversationHeadProps) {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const { kind, name, peerId, memberCount } = conversation;
  const peer = usePerson(peerId);
  const post = [peer?.departmentName, peer?.title].filter(Boolean).join(' · ');
  const subtitle = kind === 'group' ? t('view.members', { count: memberCount }) : post;
  return (
    <header className={classes['head']}>
      <ActionIcon
        className={classes['back']}
        variant="subtle"
        color="gray"
        size={40}
        aria-label={t('common.back')}
        onClick={() => navigate('/')}
      >
        <ChevronLeft size={22} aria-hidden />
      </ActionIcon>
      {peerId ? (
        <Link href={`/p/${peerId}`} aria-label={t('contacts.card', { name })}>
          <ConversationAvatar conversation={conversation} size={36} />
        </Link>
      ) : (
        <ConversationAvatar conversation={conversation} size={36} />
      )}
      <div className={classes['titles']}>
        <h1 className={classes['title']} title={name ?? undefined}>
          {name}
        </h1>
        {subtitle && <p className={classes['subtitle']}>{subtitle}</p>}
      </div>
      <Tooltip label={t('view.info')}>
        <ActionIcon
          variant={isPanelOpen ? 'light' : 'subtle'}
          color={isPanelOpen ? 'ink' : 'gray'}
          size={36}
          aria-label={t('view.info')}
          aria-pressed={isPanelOpen}
          onClick={onPanel}
          data-testid="conversation-info"
        >
          <PanelRight size={20} strokeWidth={1.8} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </header>
  );
}
