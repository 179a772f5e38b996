import type { DirectorySource } from '#contracts';
import { Network } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../parts/data-table.js';
import { DetailDrawer } from '../parts/detail-drawer.js';
import { useFilters } from '../parts/filters.js';
import { useFormats } from '../parts/format.js';
import { EmptyState } from '../parts/states.js';
import { Tag } from '../parts/tag.js';
import { usePages } from '../service.js';
import { Page } from '../shell/page.js';
import { SourceDetails } from './source-details.js';

export default function SourcesPage() {
  const { t } = useTranslation();
  const [{ open }, setFilters] = useFilters('open');
  const pages = usePages('directorySources', {});
  const source = pages.items?.find(({ id }) => id === open);
  return (
    <Page title={t('sources/title')} purpose={t('sources/purpose')}>
      <DataTable
        id="sources"
        columns={useColumns()}
        pages={pages}
        keyOf={({ id }) => id}
        open={({ id }) => setFilters({ open: id })}
        opened={open}
        empty={<EmptyState icon={Network} title={t('sources/empty')} hint={t('sources/emptyHint')} />}
      />
      <DetailDrawer
        opened={source !== undefined}
        close={() => setFilters({ open: null })}
        title={source?.name}
        size={560}
      >
        {source && <SourceDetails key={source.id} source={source} />}
      </DetailDrawer>
    </Page>
  );
}

function useColumns(): Column<DirectorySource>[] {
  const { t } = useTranslation();
  const { number } = useFormats();
  return [
    { id: 'name', title: t('sources/name'), show: ({ name }) => name },
    {
      id: 'kind',
      title: t('sources/kind'),
      from: 'sm',
      show: ({ settings }) => t(`sources/kinds/${settings.kind}`),
    },
    {
      id: 'hosts',
      title: t('sources/hosts'),
      from: 'md',
      show: ({ settings }) => settings.hosts.map(({ host, port }) => `${host}:${port}`).join(', '),
    },
    {
      id: 'security',
      title: t('sources/security'),
      from: 'md',
      show: ({ settings }) => t(`sources/securities/${settings.security}`),
    },
    { id: 'people', title: t('sources/people'), numeric: true, show: ({ people }) => number(people) },
    {
      id: 'state',
      title: t('sources/state'),
      show: ({ state }) => (
        <Tag tone={state === 'active' ? 'good' : 'waiting'}>{t(`sources/states/${state}`)}</Tag>
      ),
    },
  ];
}
