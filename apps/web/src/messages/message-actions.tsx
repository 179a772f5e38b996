import { ActionIcon, Menu } from '@mantine/core';
import { Copy, Ellipsis, Link2 } from 'lucide-react';
import type { EventOf } from '#contracts';
import { copyText } from '../parts/copy.js';
import { useWords } from '../words/index.js';
import classes from './message.module.css';

interface MessageActionsProps {
  event: EventOf<'message.created'>;
  conversationId: string;
}

/** What can be done with a message; seen when the pointer or the keyboard is on it. */
export function MessageActions({ event, conversationId }: MessageActionsProps) {
  const { t } = useWords();
  const text = event.body?.type === 'text' ? event.body.text : undefined;
  const address = `${location.origin}/c/${conversationId}/${event.seq}`;
  return (
    <Menu position="top" withinPortal transitionProps={{ duration: 80 }}>
      <Menu.Target>
        <ActionIcon className={classes['actions']} variant="default" size={26} aria-label={t('view.actions')}>
          <Ellipsis size={16} aria-hidden />
        </ActionIcon>
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
