import { Button } from '@mantine/core';
import { CloudOff, LoaderCircle } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ConnectionState } from '#client';
import { useWaiting } from '../messages/use-outbox.js';
import { Store, useStore } from '../parts/store.js';
import { client } from '../session/service.js';
import { useWords } from '../words/index.js';
import classes from './offline-strip.module.css';

const connection = new Store<ConnectionState>(client.state);
client.on('state', (state) => connection.set(state));

export const useConnection = (): ConnectionState => useStore(connection);

/** A connection that comes at once is nothing to speak of. */
const patienceMs = 1500;

/** Tells that there is no connection, and what waits for one. */
export function OfflineStrip() {
  const state = useConnection();
  const waiting = useWaiting();
  if (state === 'live') return null;
  return <LateStrip state={state} waiting={waiting} />;
}

function LateStrip({ state, waiting }: { state: ConnectionState; waiting: number }) {
  const { t } = useWords();
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  if (!isLate) return null;
  const isConnecting = state === 'connecting' && waiting === 0;
  const Icon = isConnecting ? LoaderCircle : CloudOff;
  return (
    <div className={classes['strip']} role="status" data-testid="offline-strip">
      <Icon size={16} aria-hidden />
      <span className={classes['text']}>
        {isConnecting
          ? t('offline.connecting')
          : waiting > 0
            ? t('offline.waiting', { count: waiting })
            : t('offline.offline')}
      </span>
      {!isConnecting && (
        <Button size="compact-xs" variant="subtle" color="dark" onClick={() => client.wake()}>
          {t('offline.now')}
        </Button>
      )}
    </div>
  );
}
