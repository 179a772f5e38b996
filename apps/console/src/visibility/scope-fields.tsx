import { Checkbox, Fieldset, NumberInput, Stack } from '@mantine/core';
import type { PeopleScope } from '#contracts';
import { useTranslation } from 'react-i18next';
import { PeoplePicker } from '../exports/people-picker.js';
import { useAnswer } from '../service.js';
import { DepartmentPicker } from './department-picker.js';

interface ScopeFieldsProps {
  legend: string;
  scope: PeopleScope;
  change: (scope: PeopleScope) => void;
  /** Exceptions never are everybody. */
  isException?: boolean;
}

/** People by department, rank or name: one side of a rule. */
export function ScopeFields({ legend, scope, change, isException = false }: ScopeFieldsProps) {
  const { t } = useTranslation();
  return (
    <Fieldset legend={legend}>
      <Stack gap="sm">
        {!isException && (
          <Checkbox
            label={t('visibility/everybody')}
            checked={scope.everybody}
            onChange={({ currentTarget }) => change({ ...scope, everybody: currentTarget.checked })}
          />
        )}
        {!scope.everybody && <ScopeParts scope={scope} change={change} />}
      </Stack>
    </Fieldset>
  );
}

function ScopeParts({ scope, change }: Pick<ScopeFieldsProps, 'scope' | 'change'>) {
  const { t } = useTranslation();
  const { personIds } = scope;
  const { data } = useAnswer('peopleByIds', { body: { ids: personIds } }, { enabled: personIds.length > 0 });
  const known = personIds.length > 0 ? (data?.items ?? []) : [];
  return (
    <>
      <DepartmentPicker
        chosen={scope.departmentIds}
        choose={(departmentIds) => change({ ...scope, departmentIds })}
      />
      <NumberInput
        label={t('visibility/rank')}
        description={t('visibility/rankHint')}
        min={1}
        max={1_000_000}
        allowDecimal={false}
        value={scope.maxRank ?? ''}
        onChange={(value) => change({ ...scope, maxRank: typeof value === 'number' ? value : null })}
      />
      <PeoplePicker
        label={t('visibility/people')}
        chosen={known}
        choose={(people) => change({ ...scope, personIds: people.map(({ id }) => id) })}
        error={undefined}
      />
    </>
  );
}
