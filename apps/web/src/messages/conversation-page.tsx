import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { MessageSquareOff } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { isPassing } from '#client';
import { limits, type Conversation } from '#contracts';
import { Composer } from '../composer/composer.js';
import { fetchOne, useConversation } from '../conversations/book.js';
import { GroupPanel } from '../group/group-panel.js';
import { useMembers } from '../group/members.js';
import { EmptyState, ErrorState } from '../parts/states.js';
import { useMe } from '../shell/me.js';
import { useWords } from '../words/index.js';
import { ConversationHead } from './conversation-head.js';
import classes from './conversation-page.module.css';
import { MessageList } from './message-list.js';
import { MessageSkeletons } from './message-skeletons.js';
import { ReceiptsContext } from './receipts.js';
import { TypingLine } from './typing-line.js';

interface ConversationPageProps {
  conversationId: string;
  /** Place a link points to. */
  seq: number | undefined;
}

/** One conversation, once it is known. */
export function ConversationPage({ conversationId, seq }: ConversationPageProps) {
  const { t } = useWords();
  const conversation = useConversation(conversationId);
  const asked = useQuery({
    queryKey: ['conversation', conversationId],
    queryFn: () => fetchOne(conversationId),
    enabled: conversation === undefined,
  });
  if (conversation) return <OpenConversation conversation={conversation} seq={seq} />;
  return (
    <main className={classes['page']}>
      {asked.isPending && <MessageSkeletons />}
      {asked.isError &&
        (isPassing(asked.error) ? (
          <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
        ) : (
          <EmptyState icon={MessageSquareOff} title={t('view.notFound')} hint={t('view.notFoundHint')}>
            <Button component={Link} href="/" variant="default" size="xs">
              {t('view.toList')}
            </Button>
          </EmptyState>
        ))}
    </main>
  );
}

function OpenConversation({ conversation, seq }: { conversation: Conversation; seq: number | undefined }) {
  const { t } = useWords();
  const me = useMe();
  const [isPanelOpen, setPanelOpen] = useState(false);
  const members = useMembers(conversation);
  const isSmall = conversation.memberCount <= limits.smallConversation;
  const receipts = useMemo(() => {
    if (!isSmall || !members.data) return undefined;
    const others = members.data.filter(({ person }) => person.id !== me.id);
    return { isDirect: conversation.kind === 'direct', others };
  }, [isSmall, members.data, conversation.kind, me.id]);
  const closed = conversation.dissolved
    ? t('view.dissolved')
    : conversation.role === null
      ? t('view.notMember')
      : undefined;
  return (
    <ReceiptsContext value={receipts}>
      <main className={classes['page']} aria-label={conversation.name ?? undefined}>
        <ConversationHead
          conversation={conversation}
          isPanelOpen={isPanelOpen}
          onPanel={() => setPanelOpen(!isPanelOpen)}
        />
        <MessageList conversation={conversation} around={seq} />
        <TypingLine conversationId={conversation.id} />
        {closed === undefined ? (
          <Composer conversation={conversation} members={members.data ?? []} />
        ) : (
          <p className={classes['closed']}>{closed}</p>
        )}
      </main>
      {isPanelOpen && <GroupPanel conversation={conversation} onClose={() => setPanelOpen(false)} />}
    </ReceiptsContext>
  );
}
