import { Button } from '@mantine/core';
import { CircleAlert, Clock3 } from 'lucide-react';
import type { OutboxItem } from '#client';
import { client } from '../session/service.js';
import { useConnection } from '../shell/offline-strip.js';
import { clock } from '../words/times.js';
import { useWords } from '../words/index.js';
import { Bubble } from './bubble.js';
import classes from './message.module.css';

/** My message until it has come back from the service. */
export function PendingRow({ item, isFirst }: { item: OutboxItem; isFirst: boolean }) {
  const { language } = useWords();
  const shown = item.state === 'waiting' ? 'sending' : item.state;
  const body =
    item.body.type === 'file'
      ? { ...item.body, file: item.file ?? { name: '', size: 0, mediaType: 'application/octet-stream' } }
      : item.body;
  return (
    <article
      className={classes['row']}
      data-mine
      data-first={isFirst || undefined}
      data-testid="message"
      data-seq={item.seq}
      data-state={shown}
    >
      <div className={classes['content']}>
        {isFirst && (
          <div className={classes['who']}>
            <time>{clock(new Date(item.createdAt), language)}</time>
          </div>
        )}
        <div className={classes['line']}>
          <Bubble body={body} state={undefined} isMine />
          <StateMark state={shown} />
        </div>
        {item.state === 'failed' && <Failure item={item} />}
      </div>
    </article>
  );
}

function StateMark({ state }: { state: 'sending' | 'sent' | 'failed' }) {
  const { t } = useWords();
  const connection = useConnection();
  if (state === 'failed') return <CircleAlert size={16} className={classes['failedMark']} aria-hidden />;
  if (state === 'sent') return null;
  const label = connection === 'live' ? t('view.sending') : t('view.waiting');
  return (
    <span className={classes['sendingMark']} title={label}>
      <Clock3 size={14} aria-label={label} />
    </span>
  );
}

function Failure({ item }: { item: OutboxItem }) {
  const { t, codeText } = useWords();
  return (
    <div className={classes['failure']} role="alert">
      <span title={item.reason?.code}>
        {t('view.failed', { reason: item.reason ? codeText(item.reason.code) : '' })}
      </span>
      <Button
        size="compact-xs"
        variant="subtle"
        onClick={() => void client.retry(item.clientId)}
        data-testid="retry"
      >
        {t('common.retry')}
      </Button>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        onClick={() => void client.discard(item.clientId)}
        data-testid="discard"
      >
        {t('view.discard')}
      </Button>
    </div>
  );
}
