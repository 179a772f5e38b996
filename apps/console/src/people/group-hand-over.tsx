import { Button, Group, Stack, Text } from '@mantine/core';
import { newId } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../parts/notices.js';
import { FaultNote } from '../parts/states.js';
import { http } from '../service.js';

/** Groups of somebody who left, for whoever does not want to wait until they are handed over by themselves. */
export function GroupHandOver({ personId }: { personId: string }) {
  const { t } = useTranslation();
  const clientId = useMemo(() => newId(), []);
  const asking = useMutation({
    mutationFn: () => http.call('handOverGroups', { params: { personId }, body: { clientId } }),
    onSuccess: () => announce(t('handOver/done')),
  });
  return (
    <section>
      <h3 className="section-title">{t('handOver/title')}</h3>
      <Stack gap="sm">
        <Text className="quiet-note">{t('handOver/purpose')}</Text>
        <FaultNote error={asking.error} />
        {asking.isSuccess ? (
          <Text className="waiting-note" data-testid="handing-over">
            {t('handOver/done')}
          </Text>
        ) : (
          <Group justify="flex-end">
            <Button
              variant="default"
              loading={asking.isPending}
              onClick={() => asking.mutate()}
              data-testid="hand-over"
            >
              {t('handOver/act')}
            </Button>
          </Group>
        )}
      </Stack>
    </section>
  );
}
