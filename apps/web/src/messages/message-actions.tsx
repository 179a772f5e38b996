import { Menu } from '@mantine/core';
import { Copy, Ellipsis, Link2 } from 'lucide-react';
import { useState } from 'react';
import { copyText } from '#client-parts';
import type { EventOf } from '#contracts';
import { useWords } from '../words/index.js';
import classes from './message.module.css';

interface MessageActionsProps {
  event: EventOf<'message.created'>;
  conversationId: string;
}

/** What can be done with a message; seen when the pointer or the keyboard is on it, and only then more than a button. */
export function MessageActions(props: MessageActionsProps) {
  const { t } = useWords();
  const [isWanted, setWanted] = useState(false);
  if (isWanted) return <ActionsMenu {...props} />;
  return (
    <button
      type="button"
      className={classes['actions']}
      aria-label={t('view.actions')}
      aria-haspopup="menu"
      onClick={() => setWanted(true)}
    >
      <Ellipsis size={16} aria-hidden />
    </button>
  );
}

function ActionsMenu({ event, conversationId }: MessageActionsProps) {
  const { t } = useWords();
  const text = event.body?.type === 'text' ? event.body.text : undefined;
  const address = `${location.origin}/c/${conversationId}/${event.seq}`;
  return (
    <Menu position="top" withinPortal defaultOpened transitionProps={{ duration: 80 }}>
      <Menu.Target>
        <button type="button" className={classes['actions']} aria-label={t('view.actions')}>
          <Ellipsis size={16} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {text !== undefined && (
          <Menu.Item leftSection={<Copy size={15} />} onClick={() => void copyText(text)}>
            {t('view.copyText')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<Link2 size={15} />} onClick={() => void copyText(address)}>
          {t('view.copyLink')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
