import { Button, Group } from '@mantine/core';
import type { VisibilityRule, VisibilityVersion } from '#contracts';
import { Eye, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../parts/data-table.js';
import { useFormats } from '../parts/format.js';
import { EmptyState } from '../parts/states.js';
import { useAnswer, usePages, type Pages } from '../service.js';
import { Page } from '../shell/page.js';
import { RuleDrawer } from './rule-drawer.js';
import { SaveDrawer } from './save-drawer.js';
import { useScopeWords } from './scope-words.js';

const nobody = { everybody: false, departmentIds: [], maxRank: null, personIds: [] };
const blank: VisibilityRule = {
  name: '',
  effect: 'hide',
  fields: [],
  of: nobody,
  notOf: nobody,
  from: { ...nobody, everybody: true },
  notFrom: nobody,
  exceptColleagues: false,
};

type Placed = VisibilityRule & { place: number };

export default function VisibilityPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useAnswer('visibility', {});
  const [draft, setDraft] = useState<VisibilityRule[]>();
  const [editing, setEditing] = useState<number>();
  const [isSaving, setSaving] = useState(false);
  const rules = draft ?? data?.rules;
  const edited = editing === undefined ? undefined : (rules?.[editing] ?? blank);
  const put = (change: (rules: VisibilityRule[]) => VisibilityRule[]) => {
    setDraft(change(rules ?? []));
    setEditing(undefined);
  };
  const actions = (
    <Group>
      {draft && (
        <Button variant="default" onClick={() => setDraft(undefined)}>
          {t('visibility/discard')}
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<Plus size={16} />}
        disabled={!rules}
        onClick={() => setEditing(rules?.length)}
        data-testid="add-rule"
      >
        {t('visibility/add')}
      </Button>
      <Button disabled={!draft} onClick={() => setSaving(true)} data-testid="check-rules">
        {t('visibility/check')}
      </Button>
    </Group>
  );
  const pages: Pages<Placed> = {
    items: rules?.map((rule, place) => ({ ...rule, place })),
    error: rules ? null : error,
    more: false,
    loadingMore: false,
    loadMore: () => {},
    retry: () => void refetch(),
  };
  return (
    <Page title={t('visibility/title')} purpose={t('visibility/purpose')} actions={actions}>
      <DataTable
        id="rules"
        columns={useRuleColumns()}
        pages={pages}
        keyOf={({ place, name }) => `${place} ${name}`}
        open={({ place }) => setEditing(place)}
        empty={<EmptyState icon={Eye} title={t('visibility/empty')} hint={t('visibility/emptyHint')} />}
      />
      <h2 className="section-title">{t('visibility/history')}</h2>
      <History />
      <RuleDrawer
        key={editing}
        rule={edited}
        isNew={editing !== undefined && editing >= (rules?.length ?? 0)}
        close={() => setEditing(undefined)}
        keep={(rule) => put((all) => all.toSpliced(editing ?? all.length, 1, rule))}
        remove={() => put((all) => all.toSpliced(editing ?? all.length, 1))}
      />
      <SaveDrawer
        opened={isSaving}
        version={data?.version ?? 0}
        rules={rules ?? []}
        close={() => setSaving(false)}
        saved={() => {
          setSaving(false);
          setDraft(undefined);
        }}
      />
    </Page>
  );
}

function useRuleColumns(): Column<Placed>[] {
  const { t } = useTranslation();
  const words = useScopeWords();
  return [
    { id: 'name', title: t('visibility/name'), show: ({ name }) => name },
    { id: 'effect', title: t('visibility/effect'), show: ({ effect }) => t(`visibility/effects/${effect}`) },
    { id: 'of', title: t('visibility/of'), from: 'sm', show: ({ of, notOf }) => words(of, notOf) },
    {
      id: 'from',
      title: t('visibility/from'),
      from: 'sm',
      show: ({ from, notFrom }) => words(from, notFrom),
    },
  ];
}

function History() {
  const { t } = useTranslation();
  const pages = usePages('visibilityVersions', {});
  const { time, number } = useFormats();
  const columns: Column<VisibilityVersion>[] = [
    { id: 'version', title: t('visibility/version'), numeric: true, show: ({ version }) => number(version) },
    {
      id: 'at',
      title: t('visibility/changedAt'),
      show: ({ changedAt }) => (changedAt ? time(changedAt) : ''),
    },
    { id: 'by', title: t('visibility/changedBy'), show: ({ changedBy }) => changedBy },
    { id: 'count', title: t('visibility/rules'), numeric: true, show: ({ rules }) => number(rules.length) },
    { id: 'reason', title: t('visibility/reason'), from: 'sm', show: ({ reason }) => reason },
  ];
  return (
    <DataTable
      id="versions"
      columns={columns}
      pages={pages}
      keyOf={({ version }) => String(version)}
      empty={<EmptyState icon={Eye} title={t('visibility/noHistory')} hint={t('visibility/noHistoryHint')} />}
    />
  );
}
