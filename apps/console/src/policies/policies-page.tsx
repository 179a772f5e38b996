import type { Policy } from '#contracts';
import { SlidersHorizontal } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../parts/data-table.js';
import { useFilters } from '../parts/filters.js';
import { useFormats } from '../parts/format.js';
import { EmptyState } from '../parts/states.js';
import { usePages } from '../service.js';
import { Page } from '../shell/page.js';
import { PolicyDrawer } from './policy-drawer.js';
import { usePolicyWords } from './policy-words.js';

export default function PoliciesPage() {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters('open');
  const pages = usePages('policies', {});
  return (
    <Page title={t('policies/title')} purpose={t('policies/purpose')}>
      <DataTable
        id="policies"
        columns={useColumns()}
        pages={pages}
        keyOf={({ name }) => name}
        open={({ name }) => setFilters({ open: name })}
        opened={filters.open}
        empty={
          <EmptyState icon={SlidersHorizontal} title={t('policies/empty')} hint={t('policies/emptyHint')} />
        }
      />
      <PolicyDrawer
        policy={pages.items?.find(({ name }) => name === filters.open)}
        close={() => setFilters({ open: null })}
      />
    </Page>
  );
}

function useColumns(): Column<Policy>[] {
  const { t } = useTranslation();
  const { time, number } = useFormats();
  const words = usePolicyWords();
  return [
    { id: 'name', title: t('policies/policy'), show: ({ name }) => words.name(name) },
    {
      id: 'current',
      title: t('policies/current'),
      width: '40%',
      show: ({ name, value }) => <span className="two-lines">{words.value(name, value)}</span>,
    },
    {
      id: 'exceptions',
      title: t('policies/exceptions'),
      from: 'md',
      numeric: true,
      show: ({ exceptions }) => number(exceptions),
    },
    {
      id: 'changedBy',
      title: t('policies/changedLast'),
      from: 'sm',
      show: ({ latest }) => (latest ? `${latest.changedBy}, ${time(latest.changedAt)}` : t('policies/never')),
    },
  ];
}
