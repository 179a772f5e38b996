import { UnstyledButton } from '@mantine/core';
import { ArrowDown } from 'lucide-react';
import { useWords } from '../words/index.js';
import classes from './message.module.css';

export function JumpToLatest({ count, onClick }: { count: number; onClick: () => void }) {
  const { t } = useWords();
  return (
    <UnstyledButton className={classes['jump']} onClick={onClick} data-testid="jump-to-latest">
      <ArrowDown size={16} aria-hidden />
      {count > 0 ? t('view.newCount', { count }) : t('view.latest')}
    </UnstyledButton>
  );
}
