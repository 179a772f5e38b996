import { Anchor, Skeleton, Title } from '@mantine/core';
import type { Overview } from '#contracts';
import { RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useFormats } from '../parts/format.js';
import { EmptyState, FaultState } from '../parts/states.js';
import { useAnswer } from '../service.js';
import { Page } from '../shell/page.js';
import { SyncAlarms } from '../sync/alarms.js';
import { RunFacts } from '../sync/run-facts.js';

const everyMs = 15_000;

export default function OverviewPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useAnswer('overview', {}, { every: () => everyMs });
  return (
    <Page title={t('overview/title')} purpose={t('overview/purpose')}>
      {error && !data ? (
        <div className="panel">
          <FaultState error={error} retry={() => void refetch()} />
        </div>
      ) : (
        <>
          <SyncAlarms runs={data?.alarms ?? []} />
          <Numbers overview={data} />
          <LastRun overview={data} />
        </>
      )}
    </Page>
  );
}

function Numbers({ overview }: { overview: Overview | undefined }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const lines: [name: string, value: number | undefined, address?: string][] = [
    [t('overview/people'), overview?.people, '/people?state=active'],
    [t('overview/disabled'), overview?.disabledPeople, '/people?state=disabled'],
    [t('overview/departments'), overview?.departments, '/departments'],
    [t('overview/connections'), overview?.connections],
  ];
  return (
    <div className="numbers">
      {lines.map(([name, value, address]) => {
        const content = (
          <>
            <div>{name}</div>
            <div className="big">
              {value === undefined ? <Skeleton height={28} width={72} my={4} /> : number(value)}
            </div>
          </>
        );
        return address ? (
          <Link key={name} href={address} className="panel">
            {content}
          </Link>
        ) : (
          <div key={name} className="panel">
            {content}
          </div>
        );
      })}
    </div>
  );
}

function LastRun({ overview }: { overview: Overview | undefined }) {
  const { t } = useTranslation();
  return (
    <section className="panel block">
      <header className="page-head">
        <Title order={2}>{t('overview/lastRun')}</Title>
        <Anchor component={Link} href="/sync">
          {t('overview/allRuns')}
        </Anchor>
      </header>
      {overview === undefined && <Skeleton height={160} />}
      {overview?.lastRun && <RunFacts run={overview.lastRun} />}
      {overview?.lastRun === null && (
        <EmptyState icon={RefreshCw} title={t('overview/noRun')} hint={t('overview/noRunHint')} />
      )}
    </section>
  );
}
