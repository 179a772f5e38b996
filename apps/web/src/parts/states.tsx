import { Button } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';
import { CloudAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useWords } from '../words/index.js';
import classes from './states.module.css';

interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  hint?: string;
  children?: ReactNode;
}

/** Nothing is here yet: what that means and what to do. */
export function EmptyState({ icon: Icon, title, hint, children }: EmptyStateProps) {
  return (
    <div className={classes['state']}>
      <Icon className={classes['icon']} size={36} strokeWidth={1.4} aria-hidden />
      <p className={classes['title']}>{title}</p>
      {hint && <p className={classes['hint']}>{hint}</p>}
      {children}
    </div>
  );
}

/** Something could not be loaded; the code is there to be told to an administrator. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t, errorText } = useWords();
  return (
    <div className={classes['state']} role="alert">
      <CloudAlert className={classes['icon']} size={36} strokeWidth={1.4} aria-hidden />
      <p className={classes['title']}>{t('common.loadFailed')}</p>
      <p className={classes['hint']}>{errorText(error)}</p>
      {onRetry && (
        <Button variant="default" size="xs" onClick={onRetry}>
          {t('common.retry')}
        </Button>
      )}
    </div>
  );
}
