import { useEffect, useRef } from 'react';
import type { Conversation } from '#contracts';
import { book, markRead } from '../conversations/book.js';
import { navigate } from 'wouter/use-browser-location';

interface Shortcuts {
  onSwitcher: () => void;
  onKeys: () => void;
}

const openId = (): string | undefined => /^\/c\/([^/]+)/.exec(location.pathname)?.[1];

/** Keys that work everywhere in the client. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isCommand = event.ctrlKey || event.metaKey;
      if (isCommand && event.key.toLowerCase() === 'k') act(event, latest.current.onSwitcher);
      else if (isCommand && event.key === '/') act(event, latest.current.onKeys);
      else if (event.altKey && event.key === 'ArrowDown') act(event, () => step(1, event.shiftKey));
      else if (event.altKey && event.key === 'ArrowUp') act(event, () => step(-1, event.shiftKey));
      else if (event.key === 'Escape' && !event.defaultPrevented && !isFloatOpen()) readOpen();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function act(event: KeyboardEvent, work: () => void): void {
  event.preventDefault();
  work();
}

/** A dialog or menu takes Escape for itself. */
const isFloatOpen = (): boolean =>
  document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]') !== null;

function step(by: 1 | -1, isOnlyUnread: boolean): void {
  const { order } = book.value;
  const from = order.findIndex(({ id }) => id === openId());
  const fits = (one: Conversation) => !isOnlyUnread || one.unread > 0;
  const first = from === -1 && by === -1 ? order.length - 1 : from + by;
  for (let i = first; i >= 0 && i < order.length; i += by) {
    if (fits(order[i]!)) return navigate(`/c/${order[i]!.id}`);
  }
}

function readOpen(): void {
  const conversation = book.value.byId.get(openId() ?? '');
  if (conversation) markRead(conversation.id, conversation.headSeq);
}
