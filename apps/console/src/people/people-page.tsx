import { Button, SegmentedControl } from '@mantine/core';
import type { AdminPerson } from '#contracts';
import { Users, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../parts/data-table.js';
import { useFilters } from '../parts/filters.js';
import { useFormats } from '../parts/format.js';
import { PersonFace } from '../parts/person-face.js';
import { SearchField } from '../parts/search-field.js';
import { EmptyState } from '../parts/states.js';
import { Tag } from '../parts/tag.js';
import { useAnswer, usePages } from '../service.js';
import { Page } from '../shell/page.js';
import { PersonDrawer } from './person-drawer.js';

const states = ['active', 'disabled'] as const;

export default function PeoplePage() {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters('q', 'state', 'department', 'open');
  const { q, department } = filters;
  const state = states.find((one) => one === filters.state);
  const pages = usePages('adminPeople', { q, state, department });
  const isFiltered = q !== undefined || state !== undefined || department !== undefined;
  const clear = () => setFilters({ q: null, state: null, department: null });
  const choices = [
    { value: '', label: t('common/any') },
    ...states.map((value) => ({ value, label: t(`people/${value}`) })),
  ];
  return (
    <Page title={t('people/title')} purpose={t('people/purpose')}>
      <DataTable
        id="people"
        columns={useColumns()}
        pages={pages}
        keyOf={(person) => person.id}
        open={(person) => setFilters({ open: person.id })}
        opened={filters.open}
        filters={
          <>
            <SearchField
              value={q ?? ''}
              search={(text) => setFilters({ q: text })}
              placeholder={t('people/search')}
            />
            <SegmentedControl
              aria-label={t('people/state')}
              value={state ?? ''}
              onChange={(value) => setFilters({ state: value })}
              data={choices}
            />
            {department && (
              <DepartmentFilter id={department} clear={() => setFilters({ department: null })} />
            )}
          </>
        }
        empty={
          <EmptyState
            icon={Users}
            title={t('people/empty')}
            hint={t('people/emptyHint')}
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
      <PersonDrawer
        personId={filters.open}
        summary={pages.items?.find(({ id }) => id === filters.open)}
        close={() => setFilters({ open: null })}
      />
    </Page>
  );
}

function DepartmentFilter({ id, clear }: { id: string; clear: () => void }) {
  const { t } = useTranslation();
  const { data } = useAnswer('department', { params: { departmentId: id } });
  return (
    <Button variant="light" rightSection={<X size={14} />} onClick={clear} data-testid="department-filter">
      {t('people/ofDepartment', { name: data?.name ?? '…' })}
    </Button>
  );
}

function useColumns(): Column<AdminPerson>[] {
  const { t } = useTranslation();
  const { time } = useFormats();
  return [
    {
      id: 'name',
      title: t('people/name'),
      show: (person) => (
        <div className="person">
          <PersonFace person={person} />
          <div>{person.displayName}</div>
        </div>
      ),
    },
    { id: 'username', title: t('people/username'), from: 'md', show: (person) => person.username },
    { id: 'department', title: t('people/department'), show: (person) => person.departmentName },
    { id: 'title', title: t('people/jobTitle'), from: 'sm', show: (person) => person.title },
    {
      id: 'staffNumber',
      title: t('people/staffNumber'),
      from: 'lg',
      show: (person) => <span className="number">{person.staffNumber}</span>,
    },
    { id: 'email', title: t('people/email'), from: 'lg', optional: true, show: (person) => person.email },
    {
      id: 'state',
      title: t('people/state'),
      from: 'sm',
      show: ({ active }) => (
        <Tag tone={active ? 'good' : 'quiet'}>{active ? t('people/active') : t('people/disabled')}</Tag>
      ),
    },
    {
      id: 'changedAt',
      title: t('people/changedAt'),
      from: 'lg',
      show: (person) => <span className="number nowrap">{time(person.changedAt)}</span>,
    },
  ];
}
