import { useEffect } from 'react';
import { useUnread } from '../conversations/book.js';
import { useWords } from '../words/index.js';

/** The tab tells how much waits. */
export function useTitle(): void {
  const { t } = useWords();
  const unread = useUnread();
  const name = t('app.name');
  useEffect(() => {
    document.title = unread > 0 ? `(${unread > 99 ? '99+' : unread}) ${name}` : name;
  }, [unread, name]);
}
