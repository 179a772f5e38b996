import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { newId, synchronisationApi, type SyncRun } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { Download, Undo2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchFile, save } from '../parts/fetched-file.js';
import { announce } from '../parts/notices.js';
import { FaultNote } from '../parts/states.js';
import { http, refresh } from '../service.js';

const reasonLeast = 5;

/** Why a plan was stopped, and asking a second person to let it pass. */
export function Stops({ run }: { run: SyncRun }) {
  const { t } = useTranslation();
  return (
    <section data-testid="stops">
      <h3 className="section-title">{t('sync/stopsTitle')}</h3>
      {run.stops.map(({ guard, count, bound, subject }) => (
        <Text key={`${guard} ${subject}`} className="waiting-note">
          {t(`sync/guards/${guard}`, { count, bound, subject })}
        </Text>
      ))}
      {run.state === 'waiting' &&
        (run.approvalId === null ? (
          <AskApproval run={run} />
        ) : (
          <Text className="quiet-note">{t('sync/approvalWaits')}</Text>
        ))}
    </section>
  );
}

function AskApproval({ run }: { run: SyncRun }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const clientId = useMemo(() => newId(), []);
  const ask = useMutation({
    mutationFn: () =>
      http.call('syncAskApproval', {
        params: { runId: run.id },
        body: { clientId, reason: reason.trim() },
      }),
    onSuccess: () => {
      announce(t('sync/approvalAsked'));
      return refresh('syncRuns', 'syncRun', 'overview');
    },
  });
  return (
    <Stack gap="sm" mt="sm">
      <Textarea
        label={t('sync/reason')}
        description={t('sync/reasonHint')}
        value={reason}
        maxLength={1000}
        autosize
        minRows={2}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        data-testid="sync-reason"
      />
      <FaultNote error={ask.error} />
      <Group justify="flex-end">
        <Button
          loading={ask.isPending}
          disabled={reason.trim().length < reasonLeast}
          onClick={() => ask.mutate()}
          data-testid="sync-ask-approval"
        >
          {t('sync/askApproval')}
        </Button>
      </Group>
    </Stack>
  );
}

/** The report of a run, and taking it back. */
export function RunActions({ run }: { run: SyncRun }) {
  const { t } = useTranslation();
  const [isSure, setSure] = useState(false);
  const clientId = useMemo(() => newId(), []);
  const report = useMutation({
    mutationFn: async () =>
      save(
        await fetchFile(synchronisationApi.syncReport.path.replace(':runId', run.id)),
        `sync-${run.id}.csv`,
      ),
  });
  const undo = useMutation({
    mutationFn: () => http.call('syncUndo', { params: { runId: run.id }, body: { clientId } }),
    onSuccess: () => {
      announce(t('sync/undoStarted'));
      return refresh('syncRuns', 'directorySources', 'overview');
    },
  });
  return (
    <Stack gap="sm" my="md">
      <FaultNote error={report.error ?? undo.error} />
      {isSure && <Text className="waiting-note">{t('sync/undoHint')}</Text>}
      <Group>
        <Button
          variant="default"
          leftSection={<Download size={16} />}
          loading={report.isPending}
          onClick={() => report.mutate()}
          data-testid="sync-report"
        >
          {t('sync/report')}
        </Button>
        {run.canUndo && (
          <Button
            variant="default"
            c="var(--danger)"
            leftSection={<Undo2 size={16} />}
            loading={undo.isPending}
            disabled={undo.isSuccess}
            onClick={() => (isSure ? undo.mutate() : setSure(true))}
            data-testid="sync-undo"
          >
            {t(isSure ? 'sync/undoConfirm' : 'sync/undo')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
