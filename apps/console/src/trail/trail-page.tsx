import { Autocomplete, Button, Text, TextInput } from '@mantine/core';
import type { AuditEntry } from '#contracts';
import { ScrollText, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../parts/data-table.js';
import { useFilters } from '../parts/filters.js';
import { fromLocalInput, toLocalInput, useFormats } from '../parts/format.js';
import { EmptyState } from '../parts/states.js';
import { Tag, type Tone } from '../parts/tag.js';
import { usePages } from '../service.js';
import { Page } from '../shell/page.js';
import { zhCN } from '../words/zh-CN.js';
import { EntryDrawer } from './entry-drawer.js';
import { useEntryWords } from './entry-words.js';

const tones: Record<AuditEntry['outcome'], Tone> = { done: 'good', denied: 'waiting', failed: 'danger' };
const knownActions = Object.keys(zhCN.trail.actions);

export default function TrailPage() {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters('action', 'actor', 'object', 'from', 'to', 'open');
  const { action, actor, object, from, to, open } = filters;
  const pages = usePages('trail', { action, actorId: actor, objectId: object, from, to });
  const isFiltered = [action, actor, object, from, to].some((filter) => filter !== undefined);
  const clear = () => setFilters({ action: null, actor: null, object: null, from: null, to: null });
  return (
    <Page title={t('trail/title')} purpose={t('trail/purpose')}>
      <DataTable
        id="trail"
        columns={useColumns()}
        pages={pages}
        keyOf={({ seq }) => String(seq)}
        open={({ seq }) => setFilters({ open: String(seq) })}
        opened={open}
        filters={<Filters filters={filters} set={setFilters} entries={pages.items} />}
        empty={
          <EmptyState
            icon={ScrollText}
            title={t('trail/empty')}
            hint={t('trail/emptyHint')}
            action={
              isFiltered && (
                <Button variant="default" onClick={clear}>
                  {t('common/clear')}
                </Button>
              )
            }
          />
        }
      />
      <EntryDrawer
        entry={pages.items?.find(({ seq }) => String(seq) === open)}
        close={() => setFilters({ open: null })}
        only={(changes) => setFilters({ ...changes, open: null })}
      />
    </Page>
  );
}

type FilterName = 'action' | 'actor' | 'object' | 'from' | 'to' | 'open';

interface FiltersProps {
  filters: Partial<Record<FilterName, string>>;
  set: (changes: Partial<Record<FilterName, string | null>>) => void;
  entries: AuditEntry[] | undefined;
}

function Filters({ filters, set, entries }: FiltersProps) {
  const { t } = useTranslation();
  const words = useEntryWords();
  const { action, actor, object, from, to } = filters;
  const labels = new Map(knownActions.map((known) => [words.action(known), known]));
  const actorName = entries?.find(({ actorId }) => actorId === actor)?.actorName ?? actor;
  const time = (name: 'from' | 'to', value: string | undefined) => (
    <TextInput
      type="datetime-local"
      label={t(`common/${name}`)}
      value={value ? toLocalInput(new Date(value)) : ''}
      onChange={({ currentTarget }) => set({ [name]: fromLocalInput(currentTarget.value) ?? null })}
      data-testid={`trail-${name}`}
    />
  );
  return (
    <>
      <Autocomplete
        key={action ?? ''}
        label={t('trail/action')}
        placeholder={t('trail/actionPlaceholder')}
        clearable
        data={[...labels.keys()]}
        defaultValue={action ? words.action(action) : ''}
        onOptionSubmit={(label) => set({ action: labels.get(label) ?? label })}
        onClear={() => set({ action: null })}
        onBlur={({ currentTarget }) => {
          const text = currentTarget.value.trim();
          set({ action: labels.get(text) ?? text });
        }}
        data-testid="trail-action"
      />
      {time('from', from)}
      {time('to', to)}
      {actor && (
        <Button variant="light" rightSection={<X size={14} />} onClick={() => set({ actor: null })}>
          {t('trail/actorFilter', { name: actorName })}
        </Button>
      )}
      <TextInput
        key={object ?? ''}
        label={t('trail/objectId')}
        placeholder={t('trail/objectPlaceholder')}
        defaultValue={object ?? ''}
        onBlur={({ currentTarget }) => set({ object: currentTarget.value.trim() || null })}
        data-testid="trail-object"
      />
    </>
  );
}

function useColumns(): Column<AuditEntry>[] {
  const { t } = useTranslation();
  const { time, number } = useFormats();
  const words = useEntryWords();
  return [
    {
      id: 'at',
      title: t('trail/at'),
      show: ({ at }) => <span className="number nowrap">{time(at)}</span>,
    },
    {
      id: 'action',
      title: t('trail/action'),
      show: (entry) => (
        <>
          {words.action(entry.action)}
          <Text size="xs" c="dimmed" hiddenFrom="sm">
            {words.actor(entry)}
          </Text>
        </>
      ),
    },
    {
      id: 'actor',
      title: t('trail/actor'),
      from: 'sm',
      show: (entry) => <span className="nowrap">{words.actor(entry)}</span>,
    },
    {
      id: 'role',
      title: t('trail/role'),
      from: 'lg',
      optional: true,
      show: ({ role }) => (role === null ? '' : words.role(role)),
    },
    {
      id: 'object',
      title: t('trail/object'),
      from: 'md',
      show: ({ objectKind }) => (objectKind === null ? '' : words.object(objectKind)),
    },
    {
      id: 'outcome',
      title: t('trail/outcome'),
      show: ({ outcome }) => <Tag tone={tones[outcome]}>{t(`trail/outcomes/${outcome}`)}</Tag>,
    },
    {
      id: 'address',
      title: t('trail/address'),
      from: 'lg',
      show: ({ address }) => <span className="number">{address}</span>,
    },
    {
      id: 'seq',
      title: t('trail/seq'),
      from: 'sm',
      numeric: true,
      show: ({ seq }) => number(seq),
    },
  ];
}
