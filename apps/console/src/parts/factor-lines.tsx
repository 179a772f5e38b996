import { Button, Group, Text } from '@mantine/core';
import type { Factor } from '#contracts';
import { useTranslation } from 'react-i18next';
import { useFormats } from './format.js';

interface FactorLinesProps {
  factors: readonly Factor[];
  /** Missing where they are only looked at. */
  remove?: (factor: Factor) => void;
}

/** Second factors of an account. */
export function FactorLines({ factors, remove }: FactorLinesProps) {
  const { t } = useTranslation();
  const { time } = useFormats();
  return factors.map((factor) => {
    const { id, kind, name, usedAt, createdAt } = factor;
    return (
      <Group key={id} className="file" justify="space-between" wrap="nowrap" data-testid="factor">
        <div style={{ minWidth: 0 }}>
          <Text fw={500} truncate>
            {name}
          </Text>
          <Text size="xs" c="dimmed">
            {t(`factors/kinds/${kind}`)} ·{' '}
            {t(usedAt ? 'factors/usedAt' : 'factors/addedAt', { time: time(usedAt ?? createdAt) })}
          </Text>
        </div>
        {remove && (
          <Button variant="default" size="xs" onClick={() => remove(factor)} data-testid="remove-factor">
            {t('factors/remove')}
          </Button>
        )}
      </Group>
    );
  });
}
