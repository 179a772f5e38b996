import { Alert, Skeleton, Stack, Text } from '@mantine/core';
import type { Export } from '#contracts';
import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../parts/copy-button.js';
import { DetailDrawer } from '../parts/detail-drawer.js';
import { Facts } from '../parts/facts.js';
import { daysBetween, useAmounts, useFormats } from '../parts/format.js';
import { FaultState } from '../parts/states.js';
import { useAnswer } from '../service.js';
import { useAdministrator } from '../session/administrator.js';
import { ExportFiles } from './export-files.js';
import { isUnderWay } from './export-state.js';
import { useLabel, useNames, usePeople } from './names.js';

const underWayMs = 1000;
/** Somebody may decide at any moment. */
const askedMs = 3000;

export function ExportDrawer({ exportId, close }: { exportId: string | undefined; close: () => void }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useAnswer(
    'export',
    { params: { exportId: exportId ?? '' } },
    {
      enabled: exportId !== undefined,
      every: (one) => (one && isUnderWay(one) ? underWayMs : one?.state === 'asked' && askedMs),
    },
  );
  const label = useLabel(useNames(data?.personIds.slice(0, 1) ?? []));
  return (
    <DetailDrawer
      opened={exportId !== undefined}
      close={close}
      title={data ? label(data.personIds) : t('exports/title')}
      size={560}
    >
      {error && !data && <FaultState error={error} retry={() => void refetch()} />}
      {!error && !data && <Skeleton height={320} />}
      {data && <Details one={data} />}
    </DetailDrawer>
  );
}

function Details({ one }: { one: Export }) {
  const { t } = useTranslation();
  const { time } = useFormats();
  const amounts = useAmounts();
  const { role } = useAdministrator();
  const people = usePeople(one.personIds);
  return (
    <Stack gap="md" data-testid="export" data-state={one.state}>
      <Steps one={one} />
      {one.failure && (
        <Alert className="fault-note" icon={<CircleAlert size={18} />} title={t('exports/failure')}>
          {one.failure}
        </Alert>
      )}
      <Facts
        lines={[
          [
            t('exports/people'),
            one.personIds.map((id) => (
              <div key={id}>
                {people.get(id)?.displayName ?? '…'}{' '}
                <Text span size="xs" c="dimmed">
                  {[people.get(id)?.departmentName, people.get(id)?.username].filter(Boolean).join(' · ')}
                </Text>
              </div>
            )),
          ],
          [
            t('exports/period'),
            <div key="period">
              {time(one.from)} – {time(one.to)}
              <Text size="xs" c="dimmed">
                {amounts.days(daysBetween(one.from, one.to))}
              </Text>
            </div>,
          ],
          [t('exports/reason'), one.reason],
          [t('exports/askedAt'), time(one.askedAt)],
          [
            t('exports/id'),
            <span key="id" className="code">
              {one.id} <CopyButton text={one.id} />
            </span>,
          ],
        ]}
      />
      {one.state === 'done' && <ExportFiles one={one} mayDownload={role === 'audit-admin'} />}
    </Stack>
  );
}

type Step = [at: 'done' | 'now' | 'later' | 'fault', text: string, hint?: string];

/** From asking to downloading: what is done, what goes on, what comes. */
function Steps({ one }: { one: Export }) {
  const { t } = useTranslation();
  const amounts = useAmounts();
  const by = { name: one.decidedBy ?? '' };
  const made = `${amounts.conversations(one.conversationCount)} · ${amounts.events(one.eventCount)}`;
  const decision: Record<Export['state'], Step> = {
    asked: ['now', t('exports/stepWaiting')],
    refused: ['fault', t('exports/stepRefused', by)],
    expired: ['fault', t('exports/stepExpired')],
    queued: ['done', t('exports/stepApproved', by)],
    running: ['done', t('exports/stepApproved', by)],
    done: ['done', t('exports/stepApproved', by)],
    failed: ['done', t('exports/stepApproved', by)],
  };
  const making: Record<Export['state'], Step[]> = {
    asked: [['later', t('exports/stepMaking')]],
    refused: [],
    expired: [],
    queued: [['now', t('exports/stepMaking'), t('exports/states/queued')]],
    running: [['now', t('exports/stepMaking'), made]],
    done: [['done', t('exports/stepMaking'), made]],
    failed: [['fault', t('exports/stepMaking'), t('exports/states/failed')]],
  };
  const steps: Step[] = [
    ['done', t('exports/stepAsked', { name: one.askedBy })],
    decision[one.state],
    ...making[one.state],
    ...(one.state === 'done' ? ([['done', t('exports/stepDone')]] as Step[]) : []),
  ];
  return (
    <ol className="steps" aria-label={t('exports/progress')}>
      {steps.map(([at, text, hint]) => (
        <li key={text} data-step={at}>
          {text}
          {hint && (
            <Text size="xs" c="dimmed">
              {hint}
            </Text>
          )}
        </li>
      ))}
    </ol>
  );
}
