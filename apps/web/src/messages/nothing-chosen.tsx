import { MessagesSquare } from 'lucide-react';
import { EmptyState } from '../parts/states.js';
import { useWords } from '../words/index.js';
import classes from './conversation-page.module.css';

export function NothingChosen() {
  const { t } = useWords();
  return (
    <main className={classes['nothing']}>
      <EmptyState icon={MessagesSquare} title={t('view.pickOne')} hint={t('view.pickHint')} />
    </main>
  );
}
