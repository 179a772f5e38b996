import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { newId, type PersonBlock } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../parts/format.js';
import { announce } from '../parts/notices.js';
import { ReasonForm } from '../parts/reason-form.js';
import { FaultNote, FaultState } from '../parts/states.js';
import { http, refresh, useAnswer, usePagesOf } from '../service.js';
import { DeviceList } from './device-list.js';
import { Identities } from './identities.js';
import { FactorReset } from './factor-reset.js';

/** Where a person is signed in, and disabling them at once. */
export function PersonAccess({ personId }: { personId: string }) {
  const { t } = useTranslation();
  const params = { personId };
  const access = useAnswer('personAccess', { params });
  const devices = usePagesOf('personDevices', { params });
  return (
    <Stack gap="md" mt="md" data-testid="person-access">
      <section>
        <h3 className="section-title">{t('devices/title')}</h3>
        <DeviceList
          devices={devices}
          signOut={(sessionId) => http.call('signOutPersonDevice', { params: { personId, sessionId } })}
          signOutAll={() => http.call('signOutPerson', { params, body: { clientId: newId() } })}
          allLabel={t('devices/signOutAll')}
        />
      </section>
      <section>
        <h3 className="section-title">{t('factors/title')}</h3>
        <FactorReset accountId={personId} />
      </section>
      <section>
        <h3 className="section-title">{t('providers/identities')}</h3>
        <Identities personId={personId} />
      </section>
      <section>
        <h3 className="section-title">{t('block/title')}</h3>
        {access.data ? (
          access.data.block ? (
            <Blocked personId={personId} block={access.data.block} />
          ) : (
            <Block personId={personId} />
          )
        ) : access.error ? (
          <FaultState error={access.error} retry={() => void access.refetch()} />
        ) : (
          <Skeleton height={48} />
        )}
      </section>
    </Stack>
  );
}

function Block({ personId }: { personId: string }) {
  const { t } = useTranslation();
  const clientId = useMemo(() => newId(), []);
  const block = useMutation({
    mutationFn: (reason: string) =>
      http.call('blockPerson', { params: { personId }, body: { clientId, reason } }),
    onSuccess: () => announce(t('block/done')),
    onSettled: () => refresh('personAccess', 'personDevices'),
  });
  return (
    <Stack gap="sm">
      <Text className="quiet-note">{t('block/purpose')}</Text>
      <ReasonForm
        act={block.mutate}
        label={t('block/act')}
        hint={t('block/reasonHint')}
        isDangerous
        isPending={block.isPending}
        error={block.error}
        testIds={{ reason: 'block-reason', act: 'block' }}
      />
    </Stack>
  );
}

function Blocked({ personId, block: { at, by, reason } }: { personId: string; block: PersonBlock }) {
  const { t } = useTranslation();
  const { time } = useFormats();
  const unblock = useMutation({
    mutationFn: () => http.call('unblockPerson', { params: { personId }, body: { clientId: newId() } }),
    onSuccess: () => announce(t('block/undone')),
    onSettled: () => refresh('personAccess'),
  });
  return (
    <Stack gap="sm">
      <Text className="waiting-note" data-testid="blocked">
        {t('block/since', { time: time(at), by, reason })}
      </Text>
      <FaultNote error={unblock.error} />
      <Group justify="flex-end">
        <Button
          variant="default"
          loading={unblock.isPending}
          onClick={() => unblock.mutate()}
          data-testid="unblock"
        >
          {t('block/undo')}
        </Button>
      </Group>
    </Stack>
  );
}
