import { Button, Group, Skeleton, Stack, Text, Textarea } from '@mantine/core';
import { newId, type PersonBlock } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../parts/format.js';
import { announce } from '../parts/notices.js';
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
  const [reason, setReason] = useState('');
  const [isAsked, setIsAsked] = useState(false);
  const clientId = useMemo(() => newId(), []);
  const isShort = reason.trim().length < 5;
  const block = useMutation({
    mutationFn: () =>
      http.call('blockPerson', { params: { personId }, body: { clientId, reason: reason.trim() } }),
    onSuccess: () => announce(t('block/done')),
    onSettled: () => refresh('personAccess', 'personDevices'),
  });
  return (
    <Stack gap="sm">
      <Text className="quiet-note">{t('block/purpose')}</Text>
      <Textarea
        label={t('block/reason')}
        description={t('block/reasonHint')}
        autosize
        minRows={2}
        maxLength={1000}
        value={reason}
        error={isAsked && isShort && t('block/reasonShort')}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        data-testid="block-reason"
      />
      <FaultNote error={block.error} />
      <Group justify="flex-end">
        <Button
          variant="default"
          c="var(--danger)"
          loading={block.isPending}
          onClick={() => (isShort ? setIsAsked(true) : block.mutate())}
          data-testid="block"
        >
          {t('block/act')}
        </Button>
      </Group>
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
