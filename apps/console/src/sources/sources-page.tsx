import { Button } from '@mantine/core';
import type { DirectorySource } from '#contracts';
import { Network, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../parts/data-table.js';
import { DetailDrawer } from '../parts/detail-drawer.js';
import { useFilters } from '../parts/filters.js';
import { useFormats } from '../parts/format.js';
import { EmptyState } from '../parts/states.js';
import { usePages } from '../service.js';
import { Page } from '../shell/page.js';
import { SourceDetails, SourceStateTag } from './source-details.js';
import { SourceForm } from './source-form.js';

export default function SourcesPage() {
  const { t } = useTranslation();
  const [{ open }, setFilters] = useFilters('open');
  const [form, setForm] = useState<'new' | 'edit'>();
  const pages = usePages('directorySources', {});
  const source = pages.items?.find(({ id }) => id === open);
  const close = () => setForm(undefined);
  const add = (
    <Button leftSection={<Plus size={16} />} onClick={() => setForm('new')} data-testid="source-add">
      {t('sources/add')}
    </Button>
  );
  const isEmpty = pages.items?.length === 0;
  return (
    <Page title={t('sources/title')} purpose={t('sources/purpose')} actions={!isEmpty && add}>
      <DataTable
        id="sources"
        columns={useColumns()}
        pages={pages}
        keyOf={({ id }) => id}
        open={({ id }) => setFilters({ open: id })}
        opened={open}
        empty={
          <EmptyState icon={Network} title={t('sources/empty')} hint={t('sources/emptyHint')} action={add} />
        }
      />
      <DetailDrawer
        opened={source !== undefined && form === undefined}
        close={() => setFilters({ open: null })}
        title={source?.name}
        size={560}
      >
        {source && <SourceDetails key={source.id} source={source} edit={() => setForm('edit')} />}
      </DetailDrawer>
      <DetailDrawer
        opened={form === 'new' || (form === 'edit' && source !== undefined)}
        close={close}
        title={
          form === 'edit' ? t('sources/form/editTitle', { name: source?.name }) : t('sources/form/addTitle')
        }
        size={720}
        holdsInput
      >
        <SourceForm
          source={form === 'edit' ? source : undefined}
          close={close}
          saved={(id) => {
            close();
            setFilters({ open: id });
          }}
        />
      </DetailDrawer>
    </Page>
  );
}

function useColumns(): Column<DirectorySource>[] {
  const { t } = useTranslation();
  const { number } = useFormats();
  return [
    { id: 'name', title: t('sources/name'), show: ({ name }) => <span className="breaking">{name}</span> },
    {
      id: 'kind',
      title: t('sources/kind'),
      from: 'sm',
      show: ({ settings }) => <span className="nowrap">{t(`sources/kinds/${settings.kind}`)}</span>,
    },
    {
      id: 'hosts',
      title: t('sources/hosts'),
      from: 'md',
      show: ({ settings }) => (
        <span className="two-lines breaking">
          {settings.hosts.map(({ host, port }) => `${host}:${port}`).join(', ')}
        </span>
      ),
    },
    {
      id: 'security',
      title: t('sources/security'),
      from: 'md',
      show: ({ settings }) => <span className="nowrap">{t(`sources/securities/${settings.security}`)}</span>,
    },
    { id: 'people', title: t('sources/people'), numeric: true, show: ({ people }) => number(people) },
    { id: 'state', title: t('sources/state'), show: ({ state }) => <SourceStateTag state={state} /> },
  ];
}
