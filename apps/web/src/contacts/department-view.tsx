import { Anchor, Breadcrumbs } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ChevronRight, Network, UsersRound } from 'lucide-react';
import { useLocation } from 'wouter';
import type { Department } from '#contracts';
import { EmptyState, ErrorState } from '../parts/states.js';
import { PersonSkeletons } from '../people/person-skeletons.js';
import { usePeopleSearch } from '../people/use-search.js';
import { client } from '../session/service.js';
import { useWords } from '../words/index.js';
import classes from './contacts.module.css';
import { DepartmentGroups } from './department-groups.js';
import { PeopleList } from './people-list.js';
import { MorePages } from './more-pages.js';

interface DepartmentViewProps {
  /** undefined at the top of the organisation. */
  departmentId: string | undefined;
  openId: string | undefined;
  onOpen: (departmentId: string | undefined) => void;
}

/** One level of the organisation: the way here, the departments below, the people of this one. */
export function DepartmentView({ departmentId, openId, onOpen }: DepartmentViewProps) {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const open = (id: string | undefined) => {
    onOpen(id);
    navigate('/contacts');
  };
  const below = useInfiniteQuery({
    queryKey: ['departments', departmentId],
    queryFn: ({ pageParam }) =>
      client.call('departments', {
        query: {
          limit: 100,
          ...(departmentId && { parent: departmentId }),
          ...(pageParam && { cursor: pageParam }),
        },
      }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const people = usePeopleSearch({ department: departmentId }, departmentId !== undefined);
  if (below.isPending) return <PersonSkeletons />;
  if (below.isError) return <ErrorState error={below.error} onRetry={() => void below.refetch()} />;
  const departments = below.data.pages.flatMap(({ items }) => items);
  // An organisation with one top is opened at it: a list of one says nothing.
  const [only] = departments;
  if (departmentId === undefined && only && departments.length === 1 && !below.hasNextPage) {
    return <DepartmentView departmentId={only.id} openId={openId} onOpen={onOpen} />;
  }
  const here = people.data?.pages.flatMap(({ items }) => items) ?? [];
  const isEmpty = departments.length === 0 && here.length === 0 && !people.isFetching;
  return (
    <>
      <Way departmentId={departmentId} onOpen={open} />
      {departments.map((department) => (
        <DepartmentRow key={department.id} department={department} onOpen={open} />
      ))}
      <MorePages list={below} />
      {departmentId !== undefined && (
        <PeopleList list={people} openId={openId} title={t('contacts.people')} />
      )}
      {isEmpty && <EmptyState icon={UsersRound} title={t('contacts.emptyDepartment')} />}
    </>
  );
}

interface WayProps {
  departmentId: string | undefined;
  onOpen: (departmentId: string | undefined) => void;
}

function Way({ departmentId, onOpen }: WayProps) {
  const { t } = useWords();
  const department = useQuery({
    queryKey: ['department', departmentId],
    queryFn: () => client.call('department', { params: { departmentId: departmentId! } }),
    enabled: departmentId !== undefined,
  });
  const path = departmentId === undefined ? [] : (department.data?.path ?? []);
  return (
    <>
      <nav className={classes['way']} aria-label={t('contacts.root')}>
        <Breadcrumbs separator={<ChevronRight size={14} aria-hidden />} separatorMargin={4}>
          {[{ id: undefined, name: t('contacts.root') }, ...path].map(({ id, name }, i) =>
            i === path.length ? (
              <span key={id ?? ''} className={classes['here']} aria-current="page">
                {name}
              </span>
            ) : (
              <Anchor key={id ?? ''} component="button" size="sm" onClick={() => onOpen(id)}>
                {name}
              </Anchor>
            ),
          )}
        </Breadcrumbs>
      </nav>
      {department.data && (
        <DepartmentGroups
          key={department.data.id}
          departmentId={department.data.id}
          departmentName={department.data.name}
        />
      )}
    </>
  );
}

function DepartmentRow({ department, onOpen }: { department: Department; onOpen: (id: string) => void }) {
  const { t } = useWords();
  const { id, name, peopleCount } = department;
  return (
    <button
      type="button"
      className={classes['department']}
      onClick={() => onOpen(id)}
      data-testid="department"
    >
      <span className={classes['departmentIcon']}>
        <Network size={18} strokeWidth={1.7} aria-hidden />
      </span>
      <span className={classes['departmentName']} title={name}>
        {name}
      </span>
      <span className={classes['count']}>{t('contacts.count', { count: peopleCount })}</span>
      <ChevronRight size={16} aria-hidden />
    </button>
  );
}
