import { memo } from 'react';
import type { Conversation } from '#contracts';
import { usePeople } from '../people/people.js';
import { dayLabel } from '../words/times.js';
import { useWords } from '../words/index.js';
import { sentenceOf } from './line.js';
import classes from './message.module.css';
import { MessageRow } from './message-row.js';
import { PendingRow } from './pending-row.js';
import type { Row } from './rows.js';

interface RowViewProps {
  row: Row;
  conversationId: string;
  kind: Conversation['kind'];
  /** Place a link pointed to. */
  marked: number | undefined;
}

export const RowView = memo(function RowView({ row, conversationId, kind, marked }: RowViewProps) {
  const { t } = useWords();
  switch (row.kind) {
    case 'day':
      return <DayRow at={row.at} />;
    case 'new':
      return (
        <div className={classes['divider']} data-testid="new-messages">
          <span>{t('view.newMessages')}</span>
        </div>
      );
    case 'system':
      return <SystemRow row={row} />;
    case 'pending':
      return <PendingRow item={row.item} isFirst={row.isFirst} />;
    default:
      return (
        <MessageRow
          event={row.event}
          isFirst={row.isFirst}
          isLast={row.isLast}
          isMarked={row.event.seq === marked}
          conversationId={conversationId}
          kind={kind}
        />
      );
  }
});

function DayRow({ at }: { at: string }) {
  const { t, language } = useWords();
  const words = { today: t('view.today'), yesterday: t('list.yesterday') };
  return (
    <div className={classes['day']}>
      <span>{dayLabel(new Date(at), language, words)}</span>
    </div>
  );
}

function SystemRow({ row }: { row: Extract<Row, { kind: 'system' }> }) {
  const { t } = useWords();
  const personOf = usePeople();
  return (
    <div className={classes['system']} data-seq={row.event.seq} data-testid="system-line">
      {sentenceOf(t, row.event, personOf)}
    </div>
  );
}
