import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { useLocation } from 'wouter';
import type { Conversation } from '#contracts';
import { markRead, watch } from '../conversations/book.js';
import { ErrorState } from '../parts/states.js';
import { useMe } from '../shell/me.js';
import { useWords } from '../words/index.js';
import { useFeed, type Feed, type FeedState } from './feed.js';
import { JumpToLatest } from './jump-to-latest.js';
import { JumpToUnread } from './jump-to-unread.js';
import { ListStart } from './list-start.js';
import classes from './message.module.css';
import { MessageSkeletons } from './message-skeletons.js';
import { RowView } from './row-view.js';
import { rowAt, RowKeeper, type Row, type RowParts } from './rows.js';
import { endPixels, useEnd } from './use-end.js';
import { useOutbox } from './use-outbox.js';
import { useAttention } from './use-attention.js';

/** Far from zero, so that rows can be put above the first one without moving the others. */
const middle = 1_000_000;

interface MessageListProps {
  conversation: Conversation;
  around: number | undefined;
}

export function MessageList({ conversation, around }: MessageListProps) {
  const [feed, state] = useFeed(conversation.id, around);
  if (state.status === 'failed')
    return <ErrorState error={state.error} onRetry={() => void feed.loadNewest()} />;
  if (state.status === 'loading') return <MessageSkeletons />;
  return (
    <Rows key={state.generation} conversation={conversation} around={around} feed={feed} state={state} />
  );
}

interface RowsProps extends MessageListProps {
  feed: Feed;
  state: FeedState;
}

function Rows({ conversation, around, feed, state }: RowsProps) {
  const { t } = useWords();
  const { id, kind } = conversation;
  const me = useMe();
  const [, navigate] = useLocation();
  const pending = useOutbox(conversation.id);
  const list = useRef<VirtuosoHandle>(null);
  // The divider stays where it was when the conversation was opened; what comes while one looks is not new.
  const [readSeq] = useState(conversation.unread > 0 ? conversation.readSeq : Number.MAX_SAFE_INTEGER);
  const [anchorSeq] = useState(() => state.events[0]?.seq ?? 0);
  const rows = useRows({
    events: state.events,
    pending: state.moreAfter ? nothing : pending,
    myId: me.id,
    readSeq,
  });
  const [initial] = useState(() => initialRow(rows, around));
  const [isAtBottom, setAtBottom] = useState(initial.align === 'end');
  const firstItemIndex = middle - Math.max(0, rowAt(rows, anchorSeq));
  useReading(conversation, state, isAtBottom);
  const toEnd = useCallback(() => list.current?.scrollToIndex({ index: 'LAST', align: 'end' }), []);
  const end = useEnd({ isAtEnd: isAtBottom, setAtEnd: setAtBottom });
  const toLatest = () => {
    if (!state.moreAfter) toEnd();
    // The place of a link is left for good.
    else if (around !== undefined) navigate(`/c/${conversation.id}`, { replace: true });
    else void feed.loadNewest();
  };
  useEffect(() => {
    // What I send is always seen, wherever the list stood.
    if (pending.at(-1)?.state === 'waiting') toEnd();
  }, [pending, toEnd]);
  return (
    <div className={classes['frame']} role="log" aria-label={t('view.label')}>
      <Virtuoso
        ref={list}
        className={classes['list']}
        data={rows}
        computeItemKey={(_, row) => row.key}
        firstItemIndex={firstItemIndex}
        initialTopMostItemIndex={initial}
        increaseViewportBy={{ top: 600, bottom: 400 }}
        followOutput={(isAtEnd) => (isAtEnd && !state.moreAfter && end.mayFollow() ? 'auto' : false)}
        atBottomThreshold={endPixels}
        atBottomStateChange={end.onEndChange}
        totalListHeightChanged={end.keepEnd}
        scrollerRef={end.scrollerRef}
        startReached={() => void feed.loadBefore()}
        endReached={() => void feed.loadAfter()}
        itemContent={(_, row) => <RowView row={row} conversationId={id} kind={kind} marked={around} />}
        components={listParts}
        context={{ isStart: !state.moreBefore }}
        alignToBottom
      />
      {around === undefined && (
        <JumpToUnread conversation={conversation} fromSeq={state.events[0]?.seq ?? 0} />
      )}
      {(!isAtBottom || state.moreAfter) && <JumpToLatest count={conversation.unread} onClick={toLatest} />}
    </div>
  );
}

const nothing: RowParts['pending'] = [];

function useRows({ events, pending, myId, readSeq }: RowParts): Row[] {
  const [keeper] = useState(() => new RowKeeper());
  return useMemo(
    () => keeper.rows({ events, pending, myId, readSeq }),
    [keeper, events, pending, myId, readSeq],
  );
}

const listParts = { Header: ListStart, Footer: () => <div className={classes['foot']} /> };

function initialRow(rows: readonly Row[], around: number | undefined) {
  if (around !== undefined) return { index: Math.max(0, rowAt(rows, around)), align: 'center' as const };
  const divider = rows.findIndex(({ kind }) => kind === 'new');
  if (divider > 0) return { index: divider, align: 'start' as const };
  return { index: Math.max(0, rows.length - 1), align: 'end' as const };
}

/** What is seen at the end of the list by somebody who looks is read. */
function useReading(
  { id, readSeq }: Conversation,
  { events, moreAfter }: FeedState,
  isAtBottom: boolean,
): void {
  const isAttentive = useAttention();
  const last = events.at(-1)?.seq ?? 0;
  const isWatched = isAttentive && isAtBottom && !moreAfter;
  useEffect(() => (isWatched ? watch(id) : undefined), [isWatched, id]);
  useEffect(() => {
    if (isWatched && last > readSeq) markRead(id, last);
  }, [isWatched, last, readSeq, id]);
}
