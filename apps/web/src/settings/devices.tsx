import { Badge, Button } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { newId, type SignedInDevice } from '#contracts';
import { Confirm, type Question } from '../parts/confirm.js';
import { ErrorState } from '../parts/states.js';
import { client, queries } from '../session/service.js';
import { useWords } from '../words/index.js';
import { fullTime } from '../words/times.js';
import classes from './settings-page.module.css';

const key = ['myDevices'];
const again = () => queries.invalidateQueries({ queryKey: key });

/** Where one is signed in, and signing out there. */
export function Devices() {
  const { t } = useWords();
  const [question, setQuestion] = useState<Question>();
  const devices = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) =>
      client.call('myDevices', { query: { limit: 20, ...(pageParam && { cursor: pageParam }) } }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    staleTime: 0,
  });
  const items = devices.data?.pages.flatMap((page) => page.items) ?? [];
  const askOthers = () =>
    setQuestion({
      title: t('settings.signOutOthers'),
      text: t('settings.signOutOthersAsk'),
      act: async () => {
        await client.call('signOutOthers', { body: { clientId: newId() } });
        await again();
      },
      isDangerous: true,
    });
  return (
    <>
      <h2>{t('settings.devices')}</h2>
      {devices.isError && <ErrorState error={devices.error} onRetry={() => void devices.refetch()} />}
      {items.map((device) => (
        <Device key={device.id} device={device} />
      ))}
      <div className={classes['actions']}>
        {devices.hasNextPage && (
          <Button
            variant="default"
            size="xs"
            loading={devices.isFetchingNextPage}
            onClick={() => void devices.fetchNextPage()}
          >
            {t('common.more')}
          </Button>
        )}
        {items.some(({ current }) => !current) && (
          <Button variant="default" size="xs" onClick={askOthers} data-testid="sign-out-others">
            {t('settings.signOutOthers')}
          </Button>
        )}
      </div>
      <Confirm question={question} onClose={() => setQuestion(undefined)} />
    </>
  );
}

function Device({ device }: { device: SignedInDevice }) {
  const { t, language, errorText } = useWords();
  const ending = useMutation({
    mutationFn: () => client.call('signOutDevice', { params: { sessionId: device.id } }),
    onSettled: again,
  });
  return (
    <div className={classes['setting']} data-testid="device">
      <div>
        <div className={classes['device']}>
          {device.name}
          {device.current && <Badge variant="light">{t('settings.thisDevice')}</Badge>}
        </div>
        <div className={classes['about']}>
          {t('settings.deviceUsed', {
            time: fullTime(new Date(device.usedAt), language),
            address: device.address ?? t('settings.unknownAddress'),
          })}
        </div>
        {ending.isError && (
          <div className={classes['fault']} role="alert">
            {errorText(ending.error)}
          </div>
        )}
      </div>
      {!device.current && (
        <Button
          variant="default"
          size="xs"
          loading={ending.isPending}
          onClick={() => ending.mutate()}
          data-testid="sign-out-device"
        >
          {t('settings.signOut')}
        </Button>
      )}
    </div>
  );
}
