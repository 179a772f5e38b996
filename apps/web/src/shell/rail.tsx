import { Tooltip, UnstyledButton } from '@mantine/core';
import { ContactRound, MessageSquareText, Search, Settings, type LucideIcon } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { useUnread } from '../conversations/book.js';
import { PersonAvatar } from '../people/avatar.js';
import { useWords } from '../words/index.js';
import { useMe } from './me.js';
import classes from './rail.module.css';

/** Where one can go; a badge on what waits. */
export function Rail({ onSwitcher }: { onSwitcher: () => void }) {
  const { t } = useWords();
  const me = useMe();
  const [location] = useLocation();
  const unread = useUnread();
  const isIn = (...roots: string[]) => roots.some((root) => location.startsWith(root));
  return (
    <nav className={classes['rail']} aria-label={t('rail.label')}>
      <Link href={`/p/${me.id}`} className={classes['me']} aria-label={me.displayName}>
        <PersonAvatar personId={me.id} name={me.displayName} size={36} />
      </Link>
      <Place
        href="/"
        label={t('rail.conversations')}
        icon={MessageSquareText}
        isHere={location === '/' || isIn('/c/')}
        badge={unread}
        badgeLabel={t('rail.unread', { count: unread })}
      />
      <Place
        href="/contacts"
        label={t('rail.contacts')}
        icon={ContactRound}
        isHere={isIn('/contacts', '/d/', '/p/')}
      />
      <Tooltip label={`${t('rail.search')} (Ctrl K)`} position="right" openDelay={400}>
        <UnstyledButton className={classes['place']} aria-label={t('rail.search')} onClick={onSwitcher}>
          <Search size={20} strokeWidth={1.8} aria-hidden />
          <span className={classes['label']}>{t('rail.search')}</span>
        </UnstyledButton>
      </Tooltip>
      <span className={classes['space']} />
      <Place href="/settings" label={t('rail.settings')} icon={Settings} isHere={isIn('/settings')} />
    </nav>
  );
}

interface PlaceProps {
  href: string;
  label: string;
  icon: LucideIcon;
  isHere: boolean;
  badge?: number;
  badgeLabel?: string;
}

function Place({ href, label, icon: Icon, isHere, badge = 0, badgeLabel }: PlaceProps) {
  return (
    <Tooltip label={label} position="right" openDelay={400}>
      <Link
        href={href}
        className={classes['place']}
        aria-label={badge > 0 ? `${label}, ${badgeLabel}` : label}
        aria-current={isHere ? 'page' : undefined}
      >
        <Icon size={20} strokeWidth={1.8} aria-hidden />
        <span className={classes['label']}>{label}</span>
        {badge > 0 && <span className={classes['badge']}>{badge > 99 ? '99+' : badge}</span>}
      </Link>
    </Tooltip>
  );
}
