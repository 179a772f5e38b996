import { Alert, Stack } from '@mantine/core';
import type { SyncRun } from '#contracts';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** Runs that somebody has to look at. */
export function SyncAlarms({ runs }: { runs: SyncRun[] }) {
  const { t } = useTranslation();
  if (runs.length === 0) return null;
  return (
    <Stack gap="xs" mb="md">
      {runs.map((run) => (
        <Alert
          key={run.id}
          className="fault-note"
          icon={<TriangleAlert size={18} />}
          role="alert"
          data-testid="sync-alarm"
        >
          {run.state === 'failed'
            ? t('sync/alarmFailed', { source: run.source, failure: run.failure ?? '' })
            : t('sync/alarmWaiting', { source: run.source })}
        </Alert>
      ))}
    </Stack>
  );
}
