import { Anchor, Breadcrumbs, Group, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { NIL_ID, type Policy, type PolicyScope } from '#contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnswer } from '../service.js';

const pauseMs = 200;
const shown = 20;

interface ScopePickerProps {
  policy: Policy;
  /** Undefined while a kind is chosen and nobody of it. */
  scope: PolicyScope | undefined;
  choose: (scope: PolicyScope | undefined, kind: PolicyScope['kind']) => void;
}

/** For whom something is decided. */
export function ScopePicker({ policy, scope, choose }: ScopePickerProps) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<PolicyScope['kind']>(scope?.kind ?? 'installation');
  const kinds = policy.scopes.filter((one) => one !== 'conversation');
  const change = (next: string) => {
    const chosen = kinds.find((one) => one === next) ?? 'installation';
    setKind(chosen);
    choose(chosen === 'installation' ? { kind: chosen, id: NIL_ID } : undefined, chosen);
  };
  return (
    <Stack gap="xs">
      {kinds.length > 1 && (
        <SegmentedControl
          aria-label={t('policies/scope')}
          value={kind}
          onChange={change}
          data={kinds.map((value) => ({ value, label: t(`policies/scopes/${value}`) }))}
        />
      )}
      {kind === 'person' && <PersonPicker choose={(id) => choose(id ? { kind, id } : undefined, kind)} />}
      {kind === 'department' && (
        <DepartmentPicker choose={(id) => choose(id ? { kind, id } : undefined, kind)} />
      )}
    </Stack>
  );
}

export function PersonPicker({ choose }: { choose: (id: string | null) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), pauseMs);
  const { data } = useAnswer('people', { query: { q, limit: shown } }, { enabled: q !== '' });
  const people = (data?.items ?? []).map(({ id, displayName, departmentName, username }) => ({
    value: id,
    label: [displayName, departmentName, username].filter(Boolean).join(' · '),
  }));
  return (
    <Select
      label={t('policies/person')}
      placeholder={t('exports/form/peoplePlaceholder')}
      searchable
      clearable
      data={people}
      filter={({ options }) => options}
      nothingFoundMessage={q === '' ? undefined : t('exports/form/peopleEmpty')}
      searchValue={text}
      onSearchChange={setText}
      onChange={choose}
      data-testid="policy-person"
    />
  );
}

/** Down the organisation, level by level. */
function DepartmentPicker({ choose }: { choose: (id: string | null) => void }) {
  const { t } = useTranslation();
  const [way, setWay] = useState<{ id: string; name: string }[]>([]);
  const parent = way.at(-1)?.id;
  const { data } = useAnswer('departments', { query: { limit: 200, ...(parent && { parent }) } });
  const below = data?.items ?? [];
  const go = (next: typeof way) => {
    setWay(next);
    choose(next.at(-1)?.id ?? null);
  };
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Breadcrumbs>
          <Anchor component="button" type="button" size="sm" onClick={() => go([])}>
            {t('policies/scopes/installation')}
          </Anchor>
          {way.map(({ id, name }, place) => (
            <Anchor
              key={id}
              component="button"
              type="button"
              size="sm"
              onClick={() => go(way.slice(0, place + 1))}
            >
              {name}
            </Anchor>
          ))}
        </Breadcrumbs>
      </Group>
      {below.length > 0 && (
        <Select
          key={parent ?? 'top'}
          label={t('policies/department')}
          searchable
          data={below.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(id) => {
            const chosen = below.find((one) => one.id === id);
            if (chosen) go([...way, { id: chosen.id, name: chosen.name }]);
          }}
          data-testid="policy-department"
        />
      )}
      <Text size="xs" c="dimmed">
        {t('policies/subtree')}
      </Text>
    </Stack>
  );
}
