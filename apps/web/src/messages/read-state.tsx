import { Popover, ScrollArea } from '@mantine/core';
import type { Member } from '#contracts';
import { PersonAvatar } from '../people/avatar.js';
import { useWords } from '../words/index.js';
import classes from './message.module.css';
import { useReaders } from './receipts.js';

/** Quietly below my message: who has read it. */
export function ReadState({ seq }: { seq: number }) {
  const { t } = useWords();
  const readers = useReaders(seq);
  if (!readers) return null;
  const { isDirect, read, unread } = readers;
  if (isDirect) {
    return (
      <span className={classes['readState']} data-testid="read-state" data-read={unread.length === 0}>
        {unread.length === 0 ? t('view.read') : t('view.unread')}
      </span>
    );
  }
  return (
    <Popover position="left-end" shadow="md" withinPortal>
      <Popover.Target>
        <button type="button" className={classes['readState']} data-testid="read-state">
          {unread.length === 0 ? t('view.allRead') : t('view.unreadPeople', { count: unread.length })}
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <div className={classes['readers']}>
          <Readers title={t('view.unreadBy', { count: unread.length })} members={unread} />
          <Readers title={t('view.readBy', { count: read.length })} members={read} />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function Readers({ title, members }: { title: string; members: Member[] }) {
  return (
    <div className={classes['readersColumn']}>
      <h3>{title}</h3>
      <ScrollArea.Autosize mah={280} type="auto">
        {members.map(({ person }) => (
          <div key={person.id} className={classes['reader']}>
            <PersonAvatar personId={person.id} name={person.displayName} size={24} />
            <span>{person.displayName}</span>
          </div>
        ))}
      </ScrollArea.Autosize>
    </div>
  );
}
