import { SegmentedControl } from '@mantine/core';
import type { Approval } from '#contracts';
import { Stamp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../parts/data-table.js';
import { useFilters } from '../parts/filters.js';
import { useFormats } from '../parts/format.js';
import { EmptyState } from '../parts/states.js';
import { usePages } from '../service.js';
import { Page } from '../shell/page.js';
import { ApprovalDrawer } from './approval-drawer.js';
import { ApprovalState } from './approval-state.js';
import { exportSubject, useOperationWords } from './subject.js';

const states = ['asked', 'approved', 'used', 'refused', 'expired'] as const;
const everyMs = 15_000;

export default function ApprovalsPage() {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters('state', 'open');
  const state = states.find((one) => one === filters.state);
  const pages = usePages('approvals', { state }, { every: () => everyMs });
  const choices = [
    { value: '', label: t('common/any') },
    ...states.map((value) => ({ value, label: t(`approvals/states/${value}`) })),
  ];
  return (
    <Page title={t('approvals/title')} purpose={t('approvals/purpose')}>
      <DataTable
        id="approvals"
        columns={useColumns()}
        pages={pages}
        keyOf={(approval) => approval.id}
        open={(approval) => setFilters({ open: approval.id })}
        opened={filters.open}
        filters={
          <SegmentedControl
            aria-label={t('approvals/state')}
            value={state ?? ''}
            onChange={(value) => setFilters({ state: value })}
            data={choices}
          />
        }
        empty={
          <EmptyState
            icon={Stamp}
            title={state === 'asked' ? t('approvals/emptyAsked') : t('approvals/empty')}
            hint={t('approvals/emptyHint')}
          />
        }
      />
      <ApprovalDrawer
        approval={pages.items?.find(({ id }) => id === filters.open)}
        close={() => setFilters({ open: null })}
      />
    </Page>
  );
}

function useColumns(): Column<Approval>[] {
  const { t } = useTranslation();
  const { time } = useFormats();
  const operationWords = useOperationWords();
  return [
    {
      id: 'operation',
      title: t('approvals/operation'),
      show: (approval) => {
        const count = exportSubject(approval)?.people.length;
        return count === undefined ? operationWords(approval.operation) : t('approvals/people', { count });
      },
    },
    {
      id: 'reason',
      title: t('approvals/reason'),
      from: 'sm',
      width: '40%',
      show: ({ reason }) => <span className="two-lines">{reason}</span>,
    },
    { id: 'askedBy', title: t('approvals/askedBy'), from: 'md', show: ({ askedBy }) => askedBy },
    {
      id: 'askedAt',
      title: t('approvals/askedAt'),
      from: 'sm',
      show: ({ askedAt }) => <span className="number nowrap">{time(askedAt)}</span>,
    },
    {
      id: 'state',
      title: t('approvals/state'),
      show: ({ state }) => <ApprovalState state={state} />,
    },
    {
      id: 'decidedBy',
      title: t('approvals/decidedBy'),
      from: 'lg',
      show: ({ decidedBy }) => decidedBy,
    },
  ];
}
