import { ActionIcon, Skeleton, TextInput, Tooltip } from '@mantine/core';
import { MessageSquarePlus, MessagesSquare, Search } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { useLocation } from 'wouter';
import type { Conversation } from '#contracts';
import { EmptyState, ErrorState } from '../parts/states.js';
import { useSettings } from '../settings/settings.js';
import { useWords } from '../words/index.js';
import { load, useBook } from './book.js';
import { ConversationRow } from './conversation-row.js';
import { ListWidth } from './list-width.js';
import classes from './conversation-list.module.css';

/** All conversations, the latest first. */
export function ConversationList({ onNew }: { onNew: () => void }) {
  const { t } = useWords();
  const [filter, setFilter] = useState('');
  const [location] = useLocation();
  const openId = /^\/c\/([^/]+)/.exec(location)?.[1];
  return (
    <ListWidth isBehind={openId !== undefined} label={t('list.label')}>
      <header className={classes['head']}>
        <TextInput
          className={classes['filter']}
          size="sm"
          leftSection={<Search size={16} aria-hidden />}
          placeholder={t('list.filter')}
          aria-label={t('list.filter')}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && setFilter('')}
        />
        <Tooltip label={t('list.new')}>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t('list.new')}
            onClick={onNew}
            data-testid="new-conversation"
          >
            <MessageSquarePlus size={18} strokeWidth={1.8} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </header>
      <Rows filter={filter.trim().toLowerCase()} openId={openId} />
    </ListWidth>
  );
}

function Rows({ filter, openId }: { filter: string; openId: string | undefined }) {
  const { t } = useWords();
  const { order, status, error } = useBook();
  const shown = useMemo(
    () => (filter === '' ? order : order.filter(({ name }) => name?.toLowerCase().includes(filter))),
    [order, filter],
  );
  if (status === 'loading') return <RowSkeletons />;
  if (status === 'failed') return <ErrorState error={error} onRetry={() => void load()} />;
  if (order.length === 0) {
    return <EmptyState icon={MessagesSquare} title={t('list.empty')} hint={t('list.emptyHint')} />;
  }
  if (shown.length === 0) return <EmptyState icon={Search} title={t('list.nothingFound')} />;
  return <List shown={shown} openId={openId} />;
}

function List({ shown, openId }: { shown: readonly Conversation[]; openId: string | undefined }) {
  const { density } = useSettings();
  const list = useRef<VirtuosoHandle>(null);
  const order = useRef(shown);
  const [initial] = useState(() =>
    Math.max(
      0,
      shown.findIndex(({ id }) => id === openId),
    ),
  );
  useEffect(() => {
    order.current = shown;
  });
  useEffect(() => {
    const index = order.current.findIndex(({ id }) => id === openId);
    // What was opened by a key or the switcher is seen in the list as well.
    if (index !== -1) list.current?.scrollIntoView({ index });
  }, [openId]);
  return (
    <Virtuoso
      ref={list}
      className={classes['rows']}
      data={shown}
      computeItemKey={(_, { id }) => id}
      fixedItemHeight={density === 'compact' ? 52 : 64}
      initialTopMostItemIndex={{ index: initial, align: 'center' }}
      itemContent={(_, conversation) => (
        <ConversationRow conversation={conversation} isOpen={conversation.id === openId} density={density} />
      )}
    />
  );
}

function RowSkeletons() {
  return (
    <div aria-busy>
      {Array.from({ length: 9 }, (_, i) => (
        <div key={i} className={classes['skeleton']}>
          <Skeleton width={40} height={40} />
          <div className={classes['lines']}>
            <Skeleton height={12} width={`${45 + ((i * 17) % 30)}%`} />
            <Skeleton height={10} width={`${60 + ((i * 23) % 35)}%`} />
          </div>
        </div>
      ))}
    </div>
  );
}
