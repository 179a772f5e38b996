import { Loader } from '@mantine/core';
import { useWords } from '../words/index.js';
import classes from './message.module.css';

/** Above the first row: the beginning, or that older messages are being read. */
export function ListStart({ context }: { context?: { isStart: boolean } }) {
  const { t } = useWords();
  return (
    <div className={classes['start']}>
      {context?.isStart ? t('view.start') : <Loader size="xs" type="dots" color="gray" />}
    </div>
  );
}
