import { Button, Group, Text } from '@mantine/core';
import { newId, type SyncRun } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../parts/data-table.js';
import { DetailDrawer } from '../parts/detail-drawer.js';
import { useFilters } from '../parts/filters.js';
import { useFormats } from '../parts/format.js';
import { announce } from '../parts/notices.js';
import { EmptyState, FaultNote } from '../parts/states.js';
import { http, refresh, useAnswer, usePages } from '../service.js';
import { Page } from '../shell/page.js';
import { SyncAlarms } from './alarms.js';
import { RunActions, Stops } from './run-actions.js';
import { RunFacts, RunState } from './run-facts.js';
import { RunPlan } from './run-plan.js';

const whileRunningMs = 1000;
const otherwiseMs = 15_000;
/** A run that was asked for begins within this time, or another one was running. */
const beginMs = 20_000;

export default function SyncPage() {
  const { t } = useTranslation();
  const [{ open }, setFilters] = useFilters('open');
  const [asked, setAsked] = useState<{ latest: string | undefined }>();
  const pages = usePages(
    'syncRuns',
    {},
    {
      every: (runs) => (asked || runs?.[0]?.state === 'running' ? whileRunningMs : otherwiseMs),
    },
  );
  const latest = pages.items?.[0];
  const isAwaited = asked !== undefined && latest?.id === asked.latest;
  useEffect(() => {
    if (!asked) return undefined;
    const timer = setTimeout(() => setAsked(undefined), beginMs);
    return () => clearTimeout(timer);
  }, [asked]);
  const start = useMutation({
    mutationFn: () => http.call('syncNow', { body: { clientId: newId() } }),
    onSuccess: () => {
      setAsked({ latest: latest?.id });
      announce(t('sync/started'));
      return refresh('syncRuns', 'overview');
    },
  });
  const dryRun = useMutation({
    mutationFn: () => http.call('syncNow', { body: { clientId: newId(), dry: true } }),
    onSuccess: () => {
      setAsked({ latest: latest?.id });
      announce(t('sync/dryStarted'));
      return refresh('syncRuns');
    },
  });
  const overview = useAnswer('overview', {}, { every: () => otherwiseMs });
  const isBusy = start.isPending || isAwaited || latest?.state === 'running';
  const action = (
    <Group gap="sm">
      <Button
        variant="default"
        loading={dryRun.isPending}
        disabled={isBusy}
        onClick={() => dryRun.mutate()}
        data-testid="sync-dry"
      >
        {t('sync/dryRun')}
      </Button>
      <Button
        leftSection={<RefreshCw size={16} />}
        loading={isBusy}
        onClick={() => start.mutate()}
        data-testid="sync-now"
      >
        {t('sync/now')}
      </Button>
    </Group>
  );
  return (
    <Page title={t('sync/title')} purpose={t('sync/purpose')} actions={action}>
      <FaultNote error={start.error ?? dryRun.error} />
      <SyncAlarms runs={overview.data?.alarms ?? []} />
      <DataTable
        id="runs"
        columns={useColumns()}
        pages={pages}
        keyOf={(run) => run.id}
        open={(run) => setFilters({ open: run.id })}
        opened={open}
        empty={<EmptyState icon={RefreshCw} title={t('sync/empty')} hint={t('sync/emptyHint')} />}
      />
      <RunDrawer run={pages.items?.find(({ id }) => id === open)} close={() => setFilters({ open: null })} />
    </Page>
  );
}

function useColumns(): Column<SyncRun>[] {
  const { t } = useTranslation();
  const { time, duration, number } = useFormats();
  const sum = (...values: number[]) => number(values.reduce((all, one) => all + one, 0));
  return [
    {
      id: 'startedAt',
      title: t('sync/begin'),
      show: (run) => <span className="number nowrap">{time(run.startedAt)}</span>,
    },
    { id: 'state', title: t('sync/state'), show: (run) => <RunState run={run} /> },
    {
      id: 'duration',
      title: t('sync/duration'),
      from: 'sm',
      numeric: true,
      show: (run) => {
        if (run.finishedAt) return duration(run.startedAt, run.finishedAt);
        return ['running', 'applying'].includes(run.state) ? t('sync/running') : '–';
      },
    },
    { id: 'kind', title: t('sync/kind'), from: 'md', show: (run) => t(`sync/kinds/${run.kind}`) },
    {
      id: 'source',
      title: t('sync/source'),
      from: 'md',
      show: (run) => <span className="breaking">{run.source}</span>,
    },
    {
      id: 'read',
      title: t('sync/counts/peopleRead'),
      from: 'md',
      numeric: true,
      show: (run) => number(run.counts.peopleRead),
    },
    {
      id: 'people',
      title: t('sync/people'),
      from: 'sm',
      numeric: true,
      show: ({ counts }) => sum(counts.peopleAdded, counts.peopleChanged, counts.peopleDisabled),
    },
    {
      id: 'departments',
      title: t('sync/departments'),
      from: 'md',
      numeric: true,
      show: ({ counts }) =>
        sum(counts.departmentsAdded, counts.departmentsChanged, counts.departmentsRemoved),
    },
    {
      id: 'problems',
      title: t('sync/problems'),
      numeric: true,
      show: (run) => number(run.problemCount),
    },
  ];
}

function RunDrawer({ run, close }: { run: SyncRun | undefined; close: () => void }) {
  const { t } = useTranslation();
  return (
    <DetailDrawer opened={run !== undefined} close={close} title={t('sync/whatHappened')} size={560}>
      {run && (
        <>
          <RunFacts run={run} />
          {run.stops.length > 0 && <Stops key={run.id} run={run} />}
          <RunActions key={`actions ${run.id}`} run={run} />
          {run.problemCount > 0 && <Problems run={run} />}
          <RunPlan run={run} />
        </>
      )}
    </DetailDrawer>
  );
}

function Problems({ run }: { run: SyncRun }) {
  const { t } = useTranslation();
  return (
    <>
      <h3 className="section-title">{t('sync/problemsTitle', { count: run.problemCount })}</h3>
      {run.problems.length < run.problemCount && (
        <Text c="dimmed" size="xs">
          {t('sync/problemsListed', { listed: run.problems.length })}
        </Text>
      )}
      {run.problems.map(({ kind, subject, message }) => (
        <div key={`${kind} ${subject} ${message}`} className="file">
          <div>{message}</div>
          <Text size="xs" c="dimmed" className="code">
            {subject} · {kind}
          </Text>
        </div>
      ))}
    </>
  );
}
