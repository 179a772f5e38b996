import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Export } from '#contracts';
import { FileArchive, FilePlus2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../parts/data-table.js';
import { useFilters } from '../parts/filters.js';
import { useAmounts, useFormats } from '../parts/format.js';
import { EmptyState } from '../parts/states.js';
import { usePages } from '../service.js';
import { useAdministrator } from '../session/administrator.js';
import { Page } from '../shell/page.js';
import { AskDrawer } from './ask-drawer.js';
import { ExportDrawer } from './export-drawer.js';
import { ExportState, isUnderWay } from './export-state.js';
import { useLabel, useNames, type Names } from './names.js';

const underWayMs = 1500;
const otherwiseMs = 15_000;

export default function ExportsPage() {
  const { t } = useTranslation();
  const { role } = useAdministrator();
  const [{ open }, setFilters] = useFilters('open');
  const [isAsking, asking] = useDisclosure(false);
  const pages = usePages(
    'exports',
    {},
    { every: (exports) => (exports?.some(isUnderWay) ? underWayMs : otherwiseMs) },
  );
  const names = useNames(pages.items?.flatMap(({ personIds }) => personIds.slice(0, 1)) ?? []);
  const isAuditor = role === 'audit-admin';
  const ask = isAuditor && (
    <Button leftSection={<FilePlus2 size={16} />} onClick={asking.open} data-testid="ask-export">
      {t('exports/ask')}
    </Button>
  );
  return (
    <Page
      title={t('exports/title')}
      purpose={t(isAuditor ? 'exports/purposeAudit' : 'exports/purposeSecurity')}
      actions={ask}
    >
      <DataTable
        id="exports"
        columns={useColumns(names)}
        pages={pages}
        keyOf={({ id }) => id}
        open={({ id }) => setFilters({ open: id })}
        opened={open}
        empty={
          <EmptyState
            icon={FileArchive}
            title={t('exports/empty')}
            hint={t(isAuditor ? 'exports/emptyHintAudit' : 'exports/emptyHintSecurity')}
          />
        }
      />
      <ExportDrawer exportId={open} close={() => setFilters({ open: null })} />
      <AskDrawer
        opened={isAsking}
        close={asking.close}
        asked={(id) => {
          asking.close();
          setFilters({ open: id });
        }}
      />
    </Page>
  );
}

function useColumns(names: Names): Column<Export>[] {
  const { t } = useTranslation();
  const { time, date } = useFormats();
  const amounts = useAmounts();
  const label = useLabel(names);
  const dash = '–';
  return [
    {
      id: 'people',
      title: t('exports/people'),
      show: ({ personIds }) => label(personIds),
    },
    {
      id: 'period',
      title: t('exports/period'),
      from: 'sm',
      show: ({ from, to }) => (
        <span className="number">
          <span className="nowrap">
            {date(from)} {dash}
          </span>{' '}
          <span className="nowrap">{date(to)}</span>
        </span>
      ),
    },
    {
      id: 'reason',
      title: t('exports/reason'),
      from: 'md',
      width: '26%',
      show: ({ reason }) => <span className="two-lines">{reason}</span>,
    },
    { id: 'state', title: t('exports/state'), show: (one) => <ExportState state={one.state} /> },
    {
      id: 'contents',
      title: t('exports/contents'),
      from: 'lg',
      show: ({ state, conversationCount, eventCount }) =>
        state === 'running' || state === 'done' ? (
          <>
            <div className="nowrap">{amounts.conversations(conversationCount)}</div>
            <Text size="xs" c="dimmed">
              {amounts.events(eventCount)}
            </Text>
          </>
        ) : (
          dash
        ),
    },
    {
      id: 'askedBy',
      title: t('exports/askedBy'),
      from: 'lg',
      show: ({ askedBy }) => <span className="nowrap">{askedBy}</span>,
    },
    {
      id: 'askedAt',
      title: t('exports/askedAt'),
      from: 'sm',
      show: ({ askedAt }) => <span className="number nowrap">{time(askedAt)}</span>,
    },
  ];
}
