import { Button, Group, Skeleton, Stack, Text, Textarea } from '@mantine/core';
import { newId } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FactorLines } from '../factors/factor-lines.js';
import { announce } from '../parts/notices.js';
import { FaultNote, FaultState } from '../parts/states.js';
import { http, useAnswer } from '../service.js';

/** Second factors of a person, and asking for their removal where somebody has lost them. */
export function FactorReset({ accountId }: { accountId: string }) {
  const { t } = useTranslation();
  const params = { accountId };
  const factors = useAnswer('accountFactors', { params });
  const [reason, setReason] = useState('');
  const [isAsked, setIsAsked] = useState(false);
  const clientId = useMemo(() => newId(), []);
  const isShort = reason.trim().length < 5;
  const asking = useMutation({
    mutationFn: () => http.call('askFactorReset', { params, body: { clientId, reason: reason.trim() } }),
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
      <Textarea
        label={t('block/reason')}
        autosize
        minRows={2}
        maxLength={1000}
        value={reason}
        error={isAsked && isShort && t('block/reasonShort')}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        data-testid="reset-reason"
      />
      <FaultNote error={asking.error} />
      <Group justify="flex-end">
        <Button
          variant="default"
          loading={asking.isPending}
          onClick={() => (isShort ? setIsAsked(true) : asking.mutate())}
          data-testid="ask-reset"
        >
          {t('factors/resetAsk')}
        </Button>
      </Group>
    </Stack>
  );
}
