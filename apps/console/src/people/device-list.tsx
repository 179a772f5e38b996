import { Button, Group, Skeleton, Text } from '@mantine/core';
import type { SignedInDevice } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../parts/format.js';
import { announce } from '../parts/notices.js';
import { FaultNote, FaultState } from '../parts/states.js';
import { Tag } from '../parts/tag.js';
import { refresh, type Pages } from '../service.js';
import { useEntryWords } from '../trail/entry-words.js';

interface DeviceListProps {
  devices: Pages<SignedInDevice>;
  signOut: (sessionId: string) => Promise<unknown>;
  signOutAll: () => Promise<unknown>;
  /** What the button that signs several out says. */
  allLabel: string;
}

/** Where somebody is signed in, and ways to end that. */
export function DeviceList({ devices, signOut, signOutAll, allLabel }: DeviceListProps) {
  const { t } = useTranslation();
  const all = useMutation({
    mutationFn: signOutAll,
    onSuccess: () => announce(t('devices/signedOut')),
    onSettled: () => refresh('personDevices', 'myDevices'),
  });
  if (devices.error) return <FaultState error={devices.error} retry={devices.retry} />;
  if (!devices.items) return <Skeleton height={96} />;
  const isAny = devices.items.some(({ current }) => !current);
  return (
    <div data-testid="devices">
      {devices.items.length === 0 && <Text c="dimmed">{t('devices/none')}</Text>}
      {devices.items.map((device) => (
        <Device key={device.id} device={device} signOut={() => signOut(device.id)} />
      ))}
      <FaultNote error={all.error} />
      <Group mt="sm" gap="sm">
        {devices.more && (
          <Button variant="default" size="xs" loading={devices.loadingMore} onClick={devices.loadMore}>
            {t('common/loadMore')}
          </Button>
        )}
        {isAny && (
          <Button
            variant="default"
            size="xs"
            c="var(--danger)"
            loading={all.isPending}
            onClick={() => all.mutate()}
            data-testid="sign-out-all"
          >
            {allLabel}
          </Button>
        )}
      </Group>
    </div>
  );
}

function Device({ device, signOut }: { device: SignedInDevice; signOut: () => Promise<unknown> }) {
  const { t } = useTranslation();
  const { time } = useFormats();
  const words = useEntryWords();
  const ending = useMutation({
    mutationFn: signOut,
    onSuccess: () => announce(t('devices/signedOut')),
    onSettled: () => refresh('personDevices', 'myDevices'),
  });
  return (
    <div className="file" data-testid="device">
      <Group gap="xs" justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Group gap="xs">
            <Text fw={500}>{device.name}</Text>
            <Tag tone="quiet">{words.platform(device.platform)}</Tag>
            {device.current && <Tag tone="accent">{t('devices/this')}</Tag>}
          </Group>
          <Text size="xs" c="dimmed">
            {t('devices/usedFrom', {
              time: time(device.usedAt),
              address: device.address ?? t('devices/unknownAddress'),
            })}
          </Text>
          <Text size="xs" c="dimmed">
            {t('devices/signedInAt', { time: time(device.signedInAt) })}
          </Text>
        </div>
        {!device.current && (
          <Button
            variant="subtle"
            size="compact-xs"
            style={{ flexShrink: 0 }}
            loading={ending.isPending}
            onClick={() => ending.mutate()}
            data-testid="sign-out-device"
          >
            {t('devices/signOut')}
          </Button>
        )}
      </Group>
      <FaultNote error={ending.error} />
    </div>
  );
}
