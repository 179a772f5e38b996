import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { Me } from '#contracts';
import { Client } from './client.js';
import { MemoryStore, type OutboxItem } from './store.js';

const me = { id: 'me' } as Me;

/** Takes its time to store, as a disk does. */
class SlowStore extends MemoryStore {
  override async putOutbox(item: OutboxItem): Promise<void> {
    await pause(20);
    await super.putOutbox(item);
  }
}

it('a message written while the device came back is on its way, and not only after the next start', async () => {
  const store = new SlowStore();
  const client = new Client({ baseUrl: 'http://127.0.0.1:1', fixedToken: 'token', store: () => store });
  try {
    await client.open(me);
    const sending = client.send('chat', { type: 'text', text: 'hello' });
    client.close();
    await client.open(me);
    const { clientId } = await sending;
    expect(client.outbox('chat')).toMatchObject([{ clientId, state: 'waiting' }]);
  } finally {
    client.close();
  }
});
