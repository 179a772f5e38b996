import { ActionIcon, Button, Skeleton } from '@mantine/core';
import type { Department } from '#contracts';
import { Building2, ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFilters } from '../parts/filters.js';
import { useFormats } from '../parts/format.js';
import { EmptyState, FaultState } from '../parts/states.js';
import { usePages } from '../service.js';
import { Page } from '../shell/page.js';
import { DepartmentDrawer } from './department-drawer.js';

const indent = 20;
const childrenAtOnce = 200;

export default function DepartmentsPage() {
  const { t } = useTranslation();
  const [{ open }, setFilters] = useFilters('open');
  return (
    <Page title={t('departments/title')} purpose={t('departments/purpose')}>
      <section className="panel table-panel">
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('departments/name')}</th>
                <th scope="col" data-numeric>
                  {t('departments/people')}
                </th>
                <th scope="col" data-numeric data-from="sm">
                  {t('departments/children')}
                </th>
              </tr>
            </thead>
            <tbody>
              <Branch depth={0} opened={open} choose={(id) => setFilters({ open: id })} />
            </tbody>
          </table>
        </div>
      </section>
      <DepartmentDrawer departmentId={open} close={() => setFilters({ open: null })} />
    </Page>
  );
}

interface BranchProps {
  parent?: string;
  depth: number;
  opened: string | undefined;
  choose: (id: string) => void;
}

/** The departments directly below one, fetched when it is first opened. */
function Branch({ parent, depth, opened, choose }: BranchProps) {
  const { t } = useTranslation();
  const pages = usePages('departments', { limit: childrenAtOnce, ...(parent && { parent }) });
  const wide = (content: React.ReactNode) => (
    <tr>
      <td colSpan={3} style={{ paddingLeft: 16 + depth * indent }}>
        {content}
      </td>
    </tr>
  );
  if (pages.error) return wide(<FaultState error={pages.error} retry={pages.retry} />);
  if (!pages.items) return wide(<Skeleton height={14} width={depth === 0 ? '40%' : '25%'} my={4} />);
  if (pages.items.length === 0 && depth === 0) {
    return wide(
      <EmptyState icon={Building2} title={t('departments/empty')} hint={t('departments/emptyHint')} />,
    );
  }
  // A lone department at the top is the organisation itself: shown open.
  const isAlone = depth === 0 && pages.items.length === 1;
  return (
    <>
      {pages.items.map((department) => (
        <Twig
          key={department.id}
          department={department}
          depth={depth}
          startsOpen={isAlone}
          opened={opened}
          choose={choose}
        />
      ))}
      {pages.more &&
        wide(
          <Button variant="default" size="xs" loading={pages.loadingMore} onClick={pages.loadMore}>
            {t('common/loadMore')}
          </Button>,
        )}
    </>
  );
}

interface TwigProps extends Omit<BranchProps, 'parent'> {
  department: Department;
  startsOpen: boolean;
}

function Twig({ department, depth, startsOpen, opened, choose }: TwigProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const [isExpanded, setExpanded] = useState(startsOpen);
  const { id, name, childCount, peopleCount } = department;
  const Chevron = isExpanded ? ChevronDown : ChevronRight;
  return (
    <>
      <tr
        data-opens
        data-opened={opened === id || undefined}
        data-testid="row"
        tabIndex={0}
        onClick={() => choose(id)}
        onKeyDown={(event) => {
          if (event.target !== event.currentTarget) return;
          if (event.key === 'Enter') choose(id);
          if (event.key === 'ArrowRight' && childCount > 0) setExpanded(true);
          if (event.key === 'ArrowLeft') setExpanded(false);
        }}
      >
        <td>
          <div className="branch" style={{ paddingLeft: depth * indent }}>
            {childCount > 0 ? (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-expanded={isExpanded}
                aria-label={t(isExpanded ? 'departments/collapse' : 'departments/expand', { name })}
                onClick={(event) => {
                  event.stopPropagation();
                  setExpanded(!isExpanded);
                }}
                data-testid="expand"
              >
                <Chevron size={16} />
              </ActionIcon>
            ) : (
              <span style={{ width: 22 }} />
            )}
            {name}
          </div>
        </td>
        <td data-numeric>{number(peopleCount)}</td>
        <td data-numeric data-from="sm">
          {childCount === 0 ? '' : number(childCount)}
        </td>
      </tr>
      {isExpanded && <Branch parent={id} depth={depth + 1} opened={opened} choose={choose} />}
    </>
  );
}
