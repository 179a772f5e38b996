import { Stack, Text } from '@mantine/core';
import type { Policy } from '#contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultNote } from '../parts/states.js';
import { useAnswer } from '../service.js';
import { usePolicyWords } from './policy-words.js';
import { PersonPicker } from './scope-picker.js';

/** What holds for one person, and why. */
export function Effect({ policy }: { policy: Policy }) {
  const { t } = useTranslation();
  const words = usePolicyWords();
  const [personId, setPerson] = useState<string | null>(null);
  const { data, error } = useAnswer(
    'policyEffect',
    { params: { name: policy.name }, query: { personId: personId ?? '' } },
    { enabled: personId !== null },
  );
  return (
    <Stack gap="xs">
      <PersonPicker choose={setPerson} />
      <FaultNote error={error} />
      {personId !== null && data && (
        <Stack gap={4} data-testid="policy-effect">
          <Text fw={600}>{words.value(policy.name, data.value)}</Text>
          {data.steps.map(({ scope, scopeName, value, decides }) => (
            <Text key={`${scope.kind}${scope.id}`} size="sm" c={decides ? undefined : 'dimmed'}>
              {decides ? '→ ' : ''}
              {words.scope(scope, scopeName)}: {words.value(policy.name, value)}
            </Text>
          ))}
          <Text size="sm" c={data.version === 0 ? undefined : 'dimmed'}>
            {data.version === 0 ? '→ ' : ''}
            {t('policies/fallback')}: {words.value(policy.name, policy.fallback)}
          </Text>
        </Stack>
      )}
    </Stack>
  );
}
