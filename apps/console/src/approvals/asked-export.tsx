import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Facts } from '../parts/facts.js';
import { daysBetween, useAmounts, useFormats } from '../parts/format.js';
import type { ExportSubject } from './subject.js';

export function AskedExport({ subject }: { subject: ExportSubject }) {
  const { t } = useTranslation();
  const { time } = useFormats();
  const amounts = useAmounts();
  const { people, from, to, conversations, events, isComplete } = subject;
  const prefix = isComplete ? '' : t('approvals/moreThan');
  return (
    <Facts
      lines={[
        [
          t('approvals/people', { count: people.length }),
          people.map(({ id, displayName, username, departmentName }) => (
            <div key={id}>
              {displayName}{' '}
              <Text span size="xs" c="dimmed">
                {[departmentName, username].filter(Boolean).join(' · ')}
              </Text>
            </div>
          )),
        ],
        [
          t('approvals/period'),
          <div key="period">
            {time(from)} – {time(to)}
            <Text size="xs" c="dimmed">
              {amounts.days(daysBetween(from, to))}
            </Text>
          </div>,
        ],
        [
          t('approvals/covers'),
          <div key="covers">
            {prefix + amounts.conversations(conversations)} · {prefix + amounts.events(events)}
            <Text size="xs" c="dimmed">
              {t('approvals/measuredAt')}
            </Text>
          </div>,
        ],
      ]}
    />
  );
}
