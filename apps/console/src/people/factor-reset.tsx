import { Skeleton, Stack, Text } from '@mantine/core';
import { newId } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { FactorLines } from '../parts/factor-lines.js';
import { announce } from '../parts/notices.js';
import { ReasonForm } from '../parts/reason-form.js';
import { FaultState } from '../parts/states.js';
import { http, useAnswer } from '../service.js';

/** Second factors of a person, and asking for their removal where somebody has lost them. */
export function FactorReset({ accountId }: { accountId: string }) {
  const { t } = useTranslation();
  const params = { accountId };
  const factors = useAnswer('accountFactors', { params });
  const clientId = useMemo(() => newId(), []);
  const asking = useMutation({
    mutationFn: (reason: string) => http.call('askFactorReset', { params, body: { clientId, reason } }),
    onSuccess: () => announce(t('factors/resetAsked')),
  });
  if (factors.error && !factors.data)
    return <FaultState error={factors.error} retry={() => void factors.refetch()} />;
  if (!factors.data) return <Skeleton height={48} />;
  if (factors.data.items.length === 0) return <Text className="quiet-note">{t('factors/nothing')}</Text>;
  if (asking.isSuccess) return <Text className="waiting-note">{t('factors/resetWaits')}</Text>;
  return (
    <Stack gap="sm" data-testid="factor-reset">
      <FactorLines factors={factors.data.items} />
      <Text className="quiet-note">{t('factors/resetAbout')}</Text>
      <ReasonForm
        act={asking.mutate}
        label={t('factors/resetAsk')}
        isPending={asking.isPending}
        error={asking.error}
        testIds={{ reason: 'reset-reason', act: 'ask-reset' }}
      />
    </Stack>
  );
}
