import { Button, Checkbox, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { limits, newId, type Department, type DepartmentGroup } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../parts/notices.js';
import { Facts } from '../parts/facts.js';
import { FaultNote, FaultState } from '../parts/states.js';
import { http, useAnswer } from '../service.js';

/** How often a group that is being filled is looked at. */
const fillingMs = 1000;

/** Groups whose members follow a department, and the making of one. */
export function DepartmentGroups({ department }: { department: Pick<Department, 'id' | 'name'> }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useAnswer(
    'adminDepartmentGroups',
    { params: { departmentId: department.id } },
    { every: (shown) => (shown?.groups.some(({ memberCount }) => memberCount === 0) ? fillingMs : false) },
  );
  return (
    <section>
      <h3 className="section-title">{t('departments/groups')}</h3>
      <Stack gap="sm">
        <Text className="quiet-note">{t('departments/groupsAbout')}</Text>
        {error && !data && <FaultState error={error} retry={() => void refetch()} />}
        {!error && !data && <Skeleton height={60} />}
        {data && (
          <Facts
            lines={data.groups.map(({ name, withBelow, memberCount }) => [
              t(withBelow ? 'departments/groupBelow' : 'departments/groupAlone'),
              `${name} · ${t('departments/groupMembers', { count: memberCount })}`,
            ])}
          />
        )}
        {data && data.groups.length < 2 && (
          <MakeGroup
            key={data.groups.length}
            department={department}
            taken={data.groups}
            done={() => void refetch()}
          />
        )}
      </Stack>
    </section>
  );
}

interface MakeGroupProps {
  department: Pick<Department, 'id' | 'name'>;
  taken: readonly DepartmentGroup[];
  done: () => void;
}

function MakeGroup({ department, taken, done }: MakeGroupProps) {
  const { t } = useTranslation();
  const clientId = useRef(newId());
  const [name, setName] = useState(department.name.slice(0, limits.nameLength));
  const [isWithBelow, setWithBelow] = useState(taken.some(({ withBelow }) => !withBelow));
  const asking = useMutation({
    mutationFn: () =>
      http.call('askDepartmentGroup', {
        params: { departmentId: department.id },
        body: { clientId: clientId.current, name: name.trim(), withBelow: isWithBelow },
      }),
    onSuccess: () => {
      announce(t('departments/groupMade'));
      done();
    },
    onError: () => {
      clientId.current = newId();
    },
  });
  return (
    <>
      <TextInput
        label={t('departments/groupName')}
        value={name}
        maxLength={limits.nameLength}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        data-testid="department-group-name"
      />
      <Checkbox
        label={t('departments/withBelow')}
        checked={isWithBelow}
        // Of each kind there is one.
        disabled={taken.length > 0}
        onChange={({ currentTarget }) => setWithBelow(currentTarget.checked)}
        data-testid="with-below"
      />
      <FaultNote error={asking.error} />
      <Group justify="flex-end">
        <Button
          variant="default"
          disabled={name.trim() === ''}
          loading={asking.isPending}
          onClick={() => asking.mutate()}
          data-testid="make-department-group"
        >
          {t('departments/makeGroup')}
        </Button>
      </Group>
    </>
  );
}
