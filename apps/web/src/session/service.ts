import { QueryClient } from '@tanstack/react-query';
import { Client, isPassing, MemoryStore, type ClientStore } from '#client';
import { apiBase } from '#contracts';
import { BrowserStore } from './browser-store.js';
import { deviceId } from './device.js';

let opened: BrowserStore | undefined;

/** This browser's device: the one way to the service. */
export const client = new Client({
  platform: 'web',
  deviceId: deviceId(),
  client: { name: 'chancery-web', version: __VERSION__ },
  // Older events are read when somebody scrolls to them.
  window: 20,
  store: ({ id }) => openStore(id),
});

/** A browser may be told to keep nothing; then everything is read anew with each start. */
async function openStore(personId: string): Promise<ClientStore> {
  const store = new BrowserStore(personId);
  try {
    await store.open();
    opened = store;
    return store;
  } catch {
    opened = undefined;
    return new MemoryStore();
  }
}

/** What this browser keeps of who is signed in; undefined before. */
export const keptStore = (): BrowserStore | undefined => opened;

/** Answers that can be asked for again at any time: directory, members, cards. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && isPassing(error),
    },
  },
});

export const fileAddress = (fileId: string, isDownload = false): string =>
  `${apiBase}/files/${fileId}/content${isDownload ? '?download=1' : ''}`;

/** Of an image, a smaller one; not every image has it, and not at once. */
export const previewAddress = (fileId: string, form: 'small' | 'large'): string =>
  `${apiBase}/files/${fileId}/preview?form=${form}`;

// The browser knows first when a network is gone or back.
window.addEventListener('offline', () => client.reconnect());
window.addEventListener('online', () => client.wake());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') client.wake();
});
