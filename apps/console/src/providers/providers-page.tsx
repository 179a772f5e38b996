import { Button } from '@mantine/core';
import type { IdentityProvider } from '#contracts';
import { Fingerprint } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../parts/data-table.js';
import { DetailDrawer } from '../parts/detail-drawer.js';
import { useFilters } from '../parts/filters.js';
import { useFormats } from '../parts/format.js';
import { EmptyState } from '../parts/states.js';
import { Tag } from '../parts/tag.js';
import { useAdministrator } from '../session/administrator.js';
import { usePages } from '../service.js';
import { Page } from '../shell/page.js';
import { ProviderForm } from './provider-form.js';
import { ProviderActions } from './provider-actions.js';

export default function ProvidersPage() {
  const { t } = useTranslation();
  const { role } = useAdministrator();
  const [{ open }, setFilters] = useFilters('open');
  const [isAdding, setIsAdding] = useState(false);
  const pages = usePages('identityProviders', {});
  const provider = pages.items?.find(({ id }) => id === open);
  const mayChange = role === 'system-admin';
  const close = () => {
    setIsAdding(false);
    setFilters({ open: null });
  };
  return (
    <Page
      title={t('providers/title')}
      purpose={t('providers/purpose')}
      actions={
        mayChange && (
          <Button onClick={() => setIsAdding(true)} data-testid="add-provider">
            {t('providers/add')}
          </Button>
        )
      }
    >
      <DataTable
        id="providers"
        columns={useColumns()}
        pages={pages}
        keyOf={({ id }) => id}
        open={({ id }) => setFilters({ open: id })}
        opened={open}
        empty={<EmptyState icon={Fingerprint} title={t('providers/empty')} hint={t('providers/emptyHint')} />}
      />
      <DetailDrawer
        opened={isAdding || provider !== undefined}
        close={close}
        title={provider?.name ?? t('providers/add')}
        size={560}
      >
        {provider && <ProviderActions key={`${provider.id} ${provider.version}`} provider={provider} />}
        {mayChange && (
          <ProviderForm
            key={provider ? `${provider.id} ${provider.version}` : 'new'}
            provider={provider}
            done={(id) => {
              setIsAdding(false);
              setFilters({ open: id });
            }}
          />
        )}
      </DetailDrawer>
    </Page>
  );
}

function useColumns(): Column<IdentityProvider>[] {
  const { t } = useTranslation();
  const { number } = useFormats();
  return [
    { id: 'name', title: t('providers/name'), show: ({ name }) => name },
    { id: 'issuer', title: t('providers/issuer'), from: 'md', show: ({ settings }) => settings.issuer },
    { id: 'people', title: t('providers/people'), numeric: true, show: ({ people }) => number(people) },
    {
      id: 'state',
      title: t('providers/state'),
      show: ({ active }) => (
        <Tag tone={active ? 'good' : 'waiting'}>{t(active ? 'providers/active' : 'providers/inactive')}</Tag>
      ),
    },
  ];
}
