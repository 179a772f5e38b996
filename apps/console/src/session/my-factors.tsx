import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { EnrolForm, RecoveryCodes } from '#client-parts';
import { newId, type Factor } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DetailDrawer } from '../parts/detail-drawer.js';
import { FactorLines } from '../parts/factor-lines.js';
import { FaultNote, FaultState } from '../parts/states.js';
import { http, refresh, useAnswer } from '../service.js';

/** The administrator's own second factors. */
export function MyFactors({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  return (
    <DetailDrawer opened={opened} close={close} title={t('factors/title')}>
      <Mine />
    </DetailDrawer>
  );
}

function Mine() {
  const { t } = useTranslation();
  const mine = useAnswer('myFactors', {});
  const [isAdding, setIsAdding] = useState(false);
  const [codes, setCodes] = useState<string[]>();
  const again = () => refresh('myFactors');
  const renewing = useMutation({
    mutationFn: () => http.call('makeRecoveryCodes', { body: { clientId: newId() } }),
    onSuccess: ({ recoveryCodes }) => setCodes(recoveryCodes),
    onSettled: again,
  });
  const removing = useMutation({
    mutationFn: ({ id }: Factor) => http.call('removeFactor', { params: { factorId: id } }),
    onSettled: again,
  });
  if (codes) return <RecoveryCodes codes={codes} done={() => setCodes(undefined)} />;
  if (mine.error && !mine.data) return <FaultState error={mine.error} retry={() => void mine.refetch()} />;
  if (!mine.data) return <Skeleton height={120} />;
  const { factors, demand, recoveryCodesLeft, passkeyHost } = mine.data;
  const added = (recoveryCodes: string[] | null) => {
    setIsAdding(false);
    if (recoveryCodes) setCodes(recoveryCodes);
    void again();
  };
  return (
    <Stack gap="md">
      <Text className="quiet-note">{t(demand === 'required' ? 'factors/required' : 'factors/about')}</Text>
      <FactorLines factors={factors} remove={(factor) => removing.mutate(factor)} />
      <FaultNote error={removing.error ?? renewing.error} />
      {isAdding ? (
        <EnrolForm
          passkeyHost={passkeyHost}
          offer={(kind) => http.call('beginFactor', { body: { kind } })}
          add={async (name, factor) =>
            added((await http.call('addFactor', { body: { clientId: newId(), name, factor } })).recoveryCodes)
          }
        />
      ) : (
        <Group gap="xs">
          <Button variant="default" onClick={() => setIsAdding(true)} data-testid="new-factor">
            {t('factors/add')}
          </Button>
          {factors.length > 0 && (
            <Button
              variant="default"
              loading={renewing.isPending}
              onClick={() => renewing.mutate()}
              data-testid="new-codes"
            >
              {t('factors/newCodes', { count: recoveryCodesLeft })}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}
