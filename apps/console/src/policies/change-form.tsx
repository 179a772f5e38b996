import { Button, Checkbox, Group, Stack, Text, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { NIL_ID, newId, type Policy, type PolicyScope, type PolicyVersion } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAmounts } from '../parts/format.js';
import { announce } from '../parts/notices.js';
import { FaultNote } from '../parts/states.js';
import { http, refresh, useAnswer } from '../service.js';
import { ScopePicker } from './scope-picker.js';
import { ValueForm } from './value-form.js';

const reasonLeast = 5;
const pauseMs = 300;

interface Draft {
  scope: PolicyScope | undefined;
  value: Record<string, unknown>;
  takeBack: boolean;
  reason: string;
}

/** Decides something new, for everybody or for some. */
export function ChangeForm({ policy, done }: { policy: Policy; done: () => void }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Draft>(() => ({
    scope: { kind: 'installation', id: NIL_ID },
    value: policy.value,
    takeBack: false,
    reason: '',
  }));
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const save = useSave(policy, draft, done);
  const isRight = draft.scope !== undefined && draft.reason.trim().length >= reasonLeast;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isRight && !save.isPending) save.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <ScopePicker policy={policy} scope={draft.scope} choose={(scope) => change({ scope })} />
        <Checkbox
          label={t('policies/takeBack')}
          checked={draft.takeBack}
          onChange={({ currentTarget }) => change({ takeBack: currentTarget.checked })}
        />
        {!draft.takeBack && (
          <ValueForm policy={policy} value={draft.value} change={(value) => change({ value })} />
        )}
        <Textarea
          label={t('policies/reason')}
          description={t('policies/reasonHint')}
          autosize
          minRows={2}
          maxLength={1000}
          value={draft.reason}
          onChange={({ currentTarget }) => change({ reason: currentTarget.value })}
          data-testid="policy-reason"
        />
        <Consequence policy={policy} draft={draft} />
        <FaultNote error={save.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending} disabled={!isRight} data-testid="policy-save">
            {policy.approvedBy.length > 0 ? t('policies/ask') : t('policies/save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** How many it concerns and who must agree, before the button is pressed. */
function Consequence({ policy, draft }: { policy: Policy; draft: Draft }) {
  const { t } = useTranslation();
  const amounts = useAmounts();
  const [settled] = useDebouncedValue(draft, pauseMs);
  const { scope, value, takeBack } = settled;
  const { data } = useAnswer(
    'previewPolicy',
    {
      params: { name: policy.name },
      body: { scope: scope ?? { kind: 'installation' }, value: takeBack ? null : value },
    },
    { enabled: scope !== undefined },
  );
  if (!data) return null;
  const minutes = Math.round(policy.delayMs / 60_000);
  return (
    <Text className="waiting-note" data-testid="policy-consequence">
      {[
        t('policies/concerns', { people: amounts.people(data.people) }),
        policy.approvedBy.length > 0 &&
          t('policies/needs', { roles: policy.approvedBy.map((role) => t(`roles/${role}`)).join(' / ') }),
        minutes > 0 && t('policies/delay', { count: minutes }),
      ]
        .filter(Boolean)
        .join(' ')}
    </Text>
  );
}

function useSave(policy: Policy, draft: Draft, done: () => void) {
  const { t } = useTranslation();
  // One id for what stands in the form: a repeat after a lost answer changes nothing twice.
  const clientId = useMemo(() => ({ draft, id: newId() }), [draft]).id;
  return useMutation<PolicyVersion>({
    mutationFn: async () => {
      const { scope, value, takeBack, reason } = draft;
      const params = { name: policy.name };
      const baseVersion = await versionOf(policy, scope!);
      return http.call('changePolicy', {
        params,
        body: { clientId, scope: scope!, value: takeBack ? null : value, baseVersion, reason: reason.trim() },
      });
    },
    onSuccess: ({ state }) => {
      announce(t(state === 'asked' ? 'policies/asked' : 'policies/saved'));
      done();
    },
    onSettled: () => refresh('policies', 'policyVersions', 'policyEffect', 'approvals'),
  });
}

/** The version the change is made over. What is shown for the installation is that of the page. */
async function versionOf(policy: Policy, scope: PolicyScope): Promise<number> {
  if (scope.kind === 'installation' && policy.version > 0) return policy.version;
  const { items } = await http.call('policyVersions', {
    params: { name: policy.name },
    query: { limit: 200 },
  });
  const isSame = (one: PolicyVersion) =>
    one.scope.kind === scope.kind && one.scope.id === scope.id && ['set', 'scheduled'].includes(one.state);
  return items.find(isSame)?.version ?? 0;
}
