import { Button, Text } from '@mantine/core';
import { api, type SyncChange, type SyncRun } from '#contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { FaultNote } from '../parts/states.js';
import { Tag, type Tone } from '../parts/tag.js';
import { useFormats } from '../parts/format.js';
import { http } from '../service.js';

const tones: Record<SyncChange['change'], Tone> = {
  added: 'good',
  changed: 'accent',
  enabled: 'good',
  disabled: 'danger',
  gone: 'danger',
};

/** What a run does or would do, change by change. */
export function RunPlan({ run }: { run: SyncRun }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const pages = useInfiniteQuery({
    queryKey: [api.syncChanges.id, run.id, run.state],
    queryFn: ({ pageParam }) =>
      http.call('syncChanges', {
        params: { runId: run.id },
        query: { limit: 50, ...(pageParam && { cursor: pageParam }) },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const changes = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section data-testid="sync-plan">
      <h3 className="section-title">{t('sync/plan')}</h3>
      <Text c="dimmed" size="xs">
        {run.changeCount === 0 ? t('sync/noPlan') : t('sync/planCount', { number: number(run.changeCount) })}
      </Text>
      <FaultNote error={pages.error} />
      {changes.map((change) => (
        <Change key={change.ordinal} change={change} />
      ))}
      {pages.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          mt="sm"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {t('sync/morePlan')}
        </Button>
      )}
    </section>
  );
}

const fields = [
  'dn',
  'username',
  'displayName',
  'givenName',
  'title',
  'rank',
  'staffNumber',
  'email',
  'phone',
  'mobile',
  'departmentId',
  'managerId',
  'posts',
  'active',
  'name',
  'parentId',
  'position',
] as const;
const isField = (name: string): name is (typeof fields)[number] => fields.some((field) => field === name);

function Change({ change }: { change: SyncChange }) {
  const { t } = useTranslation();
  return (
    <div className="file">
      <div className="breaking">
        <Tag tone={tones[change.change]}>{t(`sync/changes/${change.change}`)}</Tag> {change.name}{' '}
        {change.state !== 'applied' && (
          <Text span size="xs" c="dimmed">
            {t(`sync/changeStates/${change.state}`)}
          </Text>
        )}
      </div>
      {change.before &&
        Object.entries(change.after).map(([name, value]) => (
          <Text key={name} size="xs" c="dimmed" className="breaking" mt={4}>
            {isField(name) ? t(`sync/fields/${name}`) : name}: {said(t, change.before?.[name])} →{' '}
            {said(t, value)}
          </Text>
        ))}
    </div>
  );
}

function said(t: TFunction, value: unknown): string {
  if (value === null || value === undefined || value === '') return t('sync/nothingBefore');
  if (typeof value === 'boolean') return t(value ? 'sync/yes' : 'sync/no');
  if (!Array.isArray(value)) return typeof value === 'string' ? value : JSON.stringify(value);
  if (value.length === 0) return t('sync/nothingBefore');
  return (value as { title: string | null }[]).map(({ title }) => title ?? t('sync/untitled')).join(' · ');
}
