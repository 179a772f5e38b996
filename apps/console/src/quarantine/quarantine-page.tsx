import type { QuarantinedFile } from '#contracts';
import { ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../parts/data-table.js';
import { useFormats } from '../parts/format.js';
import { EmptyState } from '../parts/states.js';
import { usePages } from '../service.js';
import { Page } from '../shell/page.js';

const everyMs = 30_000;

export default function QuarantinePage() {
  const { t } = useTranslation();
  const pages = usePages('quarantine', {}, { every: () => everyMs });
  return (
    <Page title={t('quarantine/title')} purpose={t('quarantine/purpose')}>
      <DataTable
        id="quarantine"
        columns={useColumns()}
        pages={pages}
        keyOf={({ fileId }) => fileId}
        empty={
          <EmptyState icon={ShieldCheck} title={t('quarantine/empty')} hint={t('quarantine/emptyHint')} />
        }
      />
    </Page>
  );
}

function useColumns(): Column<QuarantinedFile>[] {
  const { t } = useTranslation();
  const { time, number, size } = useFormats();
  return [
    { id: 'foundAt', title: t('quarantine/foundAt'), show: ({ foundAt }) => time(foundAt) },
    { id: 'finding', title: t('quarantine/finding'), show: ({ finding }) => finding },
    {
      id: 'owner',
      title: t('quarantine/owner'),
      show: ({ ownerId, ownerName }) => <span title={ownerId}>{ownerName ?? ownerId}</span>,
    },
    {
      id: 'file',
      title: t('quarantine/file'),
      from: 'lg',
      show: ({ fileId }) => <span className="code">{fileId}</span>,
    },
    { id: 'type', title: t('quarantine/type'), from: 'md', show: ({ mediaType }) => mediaType },
    {
      id: 'size',
      title: t('quarantine/size'),
      numeric: true,
      from: 'md',
      show: ({ size: bytes }) => size(bytes),
    },
    {
      id: 'conversations',
      title: t('quarantine/conversations'),
      numeric: true,
      show: ({ conversations }) => number(conversations),
    },
  ];
}
