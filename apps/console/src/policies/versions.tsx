import { Stack, Text } from '@mantine/core';
import type { Policy, PolicyVersion } from '#contracts';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../parts/format.js';
import { FaultNote } from '../parts/states.js';
import { Tag, type Tone } from '../parts/tag.js';
import { useAnswer } from '../service.js';
import { usePolicyWords } from './policy-words.js';

const tones: Record<PolicyVersion['state'], Tone> = {
  asked: 'waiting',
  scheduled: 'waiting',
  set: 'good',
  refused: 'danger',
  expired: 'quiet',
};
const shown = 20;

/** The changes made last, each with before and after. */
export function Versions({ policy }: { policy: Policy }) {
  const { t } = useTranslation();
  const { time } = useFormats();
  const words = usePolicyWords();
  const { data, error } = useAnswer('policyVersions', {
    params: { name: policy.name },
    query: { limit: shown },
  });
  if (error) return <FaultNote error={error} />;
  if (data?.items.length === 0) return <Text c="dimmed">{t('policies/noVersions')}</Text>;
  return (
    <Stack gap="md">
      {data?.items.map((one) => (
        <div key={one.id} data-testid="policy-version">
          <Text size="sm" fw={600}>
            {words.scope(one.scope, one.scopeName)} · {one.version}{' '}
            <Tag tone={tones[one.state]}>{t(`policies/states/${one.state}`)}</Tag>
          </Text>
          <Text size="sm">
            {words.value(policy.name, one.before)} → {words.value(policy.name, one.value)}
          </Text>
          <Text size="sm">{one.reason}</Text>
          <Text size="xs" c="dimmed">
            {[
              `${one.changedBy}, ${time(one.changedAt)}`,
              one.decidedBy && t('policies/decidedBy', { name: one.decidedBy }),
              one.effectiveAt && t('policies/from', { time: time(one.effectiveAt) }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        </div>
      ))}
    </Stack>
  );
}
