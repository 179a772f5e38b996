import { useSettings } from '../settings/settings.js';
import { useWords } from '../words/index.js';
import classes from './composer.module.css';

/** Bytes left from which on they are counted before the writer. */
const warnBytes = 1500;

interface NoteProps {
  error: unknown;
  bytesLeft: number;
  isUploading: boolean;
}

/** What stands in the way of sending; else the keys that send. */
export function Note({ error, bytesLeft, isUploading }: NoteProps) {
  const { t, errorText } = useWords();
  const { sendKey } = useSettings();
  if (error !== undefined || bytesLeft < 0) {
    return (
      <span className={classes['note']} data-warning role="alert">
        {error === undefined ? t('composer.tooLong', { count: -bytesLeft }) : errorText(error)}
      </span>
    );
  }
  if (bytesLeft < warnBytes) {
    return <span className={classes['note']}>{t('composer.bytesLeft', { count: bytesLeft })}</span>;
  }
  if (isUploading) return <span className={classes['note']}>{t('composer.waitUpload')}</span>;
  return (
    <span className={classes['note']} data-keys>
      {sendKey === 'enter' ? t('composer.hintEnter') : t('composer.hintCtrl')}
    </span>
  );
}
