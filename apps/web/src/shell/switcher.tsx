import { Modal, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { useMemo, useState, type KeyboardEvent } from 'react';
import { useLocation } from 'wouter';
import type { Conversation, PersonSummary } from '#contracts';
import { beginDirect } from '../conversations/begin.js';
import { useBook } from '../conversations/book.js';
import { ConversationAvatar } from '../conversations/conversation-row.js';
import { PersonAvatar } from '../people/avatar.js';
import { usePeopleSearch } from '../people/use-search.js';
import { useWords } from '../words/index.js';
import { useMe } from './me.js';
import classes from './switcher.module.css';

interface Opened {
  opened: boolean;
  onClose: () => void;
}

type Target = { key: string; conversation: Conversation } | { key: string; person: PersonSummary };

const mostShown = 8;

/** A few letters, Enter, and one is there. */
export function Switcher({ opened, onClose }: Opened) {
  const { t } = useWords();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size={520}
      yOffset="12vh"
      aria-label={t('switcher.label')}
      transitionProps={{ duration: 80 }}
    >
      <Body onClose={onClose} />
    </Modal>
  );
}

function useTargets(q: string): Target[] {
  const { order } = useBook();
  const me = useMe();
  const found = usePeopleSearch({ q });
  return useMemo(() => {
    const wanted = q.trim().toLowerCase();
    const people = wanted === '' ? [] : (found.data?.pages[0]?.items ?? []).filter(({ id }) => id !== me.id);
    // Pinyin is the service's to know: whom it finds is also found by the conversation with them.
    const ids = new Set(people.map(({ id }) => id));
    const conversations = order
      .filter(({ name, peerId }) => name?.toLowerCase().includes(wanted) || (peerId && ids.has(peerId)))
      .slice(0, mostShown);
    const talked = new Set(conversations.map(({ peerId }) => peerId));
    return [
      ...conversations.map((conversation) => ({ key: conversation.id, conversation })),
      ...people
        .filter(({ id }) => !talked.has(id))
        .slice(0, mostShown)
        .map((person) => ({ key: person.id, person })),
    ];
  }, [q, order, found.data, me.id]);
}

function Body({ onClose }: { onClose: () => void }) {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const [q, setQ] = useState('');
  const [active, setActive] = useState(0);
  const targets = useTargets(q);
  const go = async (target: Target) => {
    onClose();
    const { id } = 'conversation' in target ? target.conversation : await beginDirect(target.person.id);
    navigate(`/c/${id}`);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || targets.length === 0) return;
    if (event.key === 'ArrowDown') setActive((active + 1) % targets.length);
    else if (event.key === 'ArrowUp') setActive((active + targets.length - 1) % targets.length);
    else if (event.key === 'Enter') void go(targets[Math.min(active, targets.length - 1)]!);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        variant="unstyled"
        size="md"
        classNames={{ root: classes['field'] }}
        leftSection={<Search size={18} aria-hidden />}
        placeholder={t('switcher.placeholder')}
        aria-label={t('switcher.label')}
        value={q}
        onChange={(event) => {
          setQ(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        data-autofocus
        data-testid="switcher"
      />
      <div className={classes['targets']} role="listbox" aria-label={t('switcher.label')}>
        {targets.length === 0 && <p className={classes['nothing']}>{t('switcher.nothing')}</p>}
        {targets.map((target, i) => (
          <div
            key={target.key}
            role="option"
            aria-selected={i === active}
            className={classes['target']}
            onMouseMove={() => setActive(i)}
            onClick={() => void go(target)}
          >
            <TargetLine target={target} />
          </div>
        ))}
      </div>
    </>
  );
}

function TargetLine({ target }: { target: Target }) {
  const { t } = useWords();
  if ('conversation' in target) {
    const { conversation } = target;
    return (
      <>
        <ConversationAvatar conversation={conversation} size={28} />
        <span className={classes['name']}>{conversation.name}</span>
        {conversation.kind === 'group' && <span className={classes['note']}>{t('list.group')}</span>}
      </>
    );
  }
  const { person } = target;
  return (
    <>
      <PersonAvatar personId={person.id} name={person.displayName} size={28} />
      <span className={classes['name']}>{person.displayName}</span>
      <span className={classes['note']}>{person.departmentName}</span>
    </>
  );
}
