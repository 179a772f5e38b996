import { ActionIcon, Button, Checkbox, Group, Popover, Skeleton, Stack, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { Columns3 } from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pages } from '../service.js';
import { useFormats } from './format.js';
import { FaultState } from './states.js';

export interface Column<Item> {
  id: string;
  title: string;
  show: (item: Item) => ReactNode;
  /** Left out on narrower screens; the drawer has everything. */
  from?: 'sm' | 'md' | 'lg';
  /** Numbers stand right-aligned. */
  numeric?: boolean;
  /** CSS width. */
  width?: string;
  /** Hidden until somebody chooses the column. */
  optional?: boolean;
}

interface TableProps<Item> {
  /** Name under which the choice of columns is kept. */
  id: string;
  columns: Column<Item>[];
  pages: Pages<Item>;
  keyOf: (item: Item) => string;
  empty: ReactNode;
  open?: (item: Item) => void;
  opened?: string | null;
  filters?: ReactNode;
}

const skeletonRows = 8;

/** A list of the server, page after page, with a header that stays and a row that opens. */
export function DataTable<Item>(props: TableProps<Item>) {
  const { id, columns, pages, filters } = props;
  const [hidden, setHidden] = useLocalStorage<string[]>({
    key: `chancery-console-columns-${id}`,
    defaultValue: columns.filter(({ optional }) => optional).map((column) => column.id),
    getInitialValueInEffect: false,
  });
  const shown = columns.filter((column) => !hidden.includes(column.id));
  return (
    <section className="panel table-panel">
      {filters && (
        <Group className="table-tools" gap="sm" align="flex-end">
          {filters}
        </Group>
      )}
      {pages.error ? (
        <FaultState error={pages.error} retry={pages.retry} />
      ) : pages.items?.length === 0 ? (
        props.empty
      ) : (
        <>
          <div className="table-scroll" tabIndex={-1}>
            <table className="table">
              <Head columns={shown} />
              <tbody>
                {pages.items ? (
                  <Rows {...props} columns={shown} items={pages.items} />
                ) : (
                  <Bones columns={shown} />
                )}
              </tbody>
            </table>
          </div>
          {pages.items && (
            <Foot pages={pages}>
              <ColumnChoice columns={columns} hidden={hidden} choose={setHidden} />
            </Foot>
          )}
        </>
      )}
    </section>
  );
}

function Head<Item>({ columns }: { columns: Column<Item>[] }) {
  return (
    <thead>
      <tr>
        {columns.map(({ id, title, from, numeric, width }) => (
          <th key={id} scope="col" data-from={from} data-numeric={numeric} style={{ width }}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Rows<Item>({ items, columns, keyOf, open, opened }: TableProps<Item> & { items: Item[] }) {
  return items.map((item) => {
    const key = keyOf(item);
    const openByKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
      event.preventDefault();
      open?.(item);
    };
    return (
      <tr
        key={key}
        data-testid="row"
        data-opened={opened === key || undefined}
        {...(open && { tabIndex: 0, onClick: () => open(item), onKeyDown: openByKey, 'data-opens': true })}
      >
        {columns.map(({ id, show, from, numeric }) => (
          <td key={id} data-from={from} data-numeric={numeric} data-column={id}>
            {show(item)}
          </td>
        ))}
      </tr>
    );
  });
}

function Bones<Item>({ columns }: { columns: Column<Item>[] }) {
  return Array.from({ length: skeletonRows }, (_, row) => (
    <tr key={row} aria-hidden>
      {columns.map(({ id, from }, column) => (
        <td key={id} data-from={from}>
          <Skeleton height={14} my={4} width={`${60 + ((row * 7 + column * 13) % 35)}%`} />
        </td>
      ))}
    </tr>
  ));
}

function Foot<Item>({ pages, children }: { pages: Pages<Item>; children: ReactNode }) {
  const { t } = useTranslation();
  const { zone, number } = useFormats();
  const count = pages.items?.length ?? 0;
  const shown = pages.more
    ? t('common/shown', { count, replace: { count: number(count) } })
    : t('common/all', { count, replace: { count: number(count) } });
  return (
    <Group className="table-foot" justify="space-between" gap="sm">
      <Text size="xs" c="dimmed">
        {shown}
      </Text>
      {pages.more && (
        <Button
          variant="default"
          size="xs"
          loading={pages.loadingMore}
          onClick={pages.loadMore}
          data-testid="load-more"
        >
          {t('common/loadMore')}
        </Button>
      )}
      <Group gap="sm">
        <Text size="xs" c="dimmed">
          {t('common/zone', { zone })}
        </Text>
        {children}
      </Group>
    </Group>
  );
}

interface ChoiceProps {
  columns: { id: string; title: string }[];
  hidden: string[];
  choose: (hidden: string[]) => void;
}

function ColumnChoice({ columns, hidden, choose }: ChoiceProps) {
  const { t } = useTranslation();
  const toggle = (id: string) =>
    choose(hidden.includes(id) ? hidden.filter((one) => one !== id) : [...hidden, id]);
  return (
    <Popover position="top-end" shadow="md">
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('common/columns')}
          title={t('common/columns')}
        >
          <Columns3 size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {columns.map(({ id, title }, place) => (
            <Checkbox
              key={id}
              label={title}
              checked={!hidden.includes(id)}
              disabled={place === 0}
              onChange={() => toggle(id)}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
