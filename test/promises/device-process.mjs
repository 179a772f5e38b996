import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '#client';
import { FileStore } from '#client-files';

/**
 * A device in a process of its own, to be killed: it keeps everything in a folder. What it is told to send it reports
 * as stored, and as sent once its outbox is empty.
 */
const { baseUrl, folder, account } = JSON.parse(process.argv[2]);
const tokenFile = join(folder, 'token');
mkdirSync(folder, { recursive: true });

const client = new Client({
  baseUrl,
  refreshToken: existsSync(tokenFile) ? readFileSync(tokenFile, 'utf8') : undefined,
  onRefreshToken: (token) => writeFileSync(tokenFile, token ?? ''),
  store: () => new FileStore(join(folder, 'store')),
});
client.on('synced', () => process.send({ type: 'synced' }));
client.on('outbox', () => client.outbox().length === 0 && process.send({ type: 'sent' }));
process.on('message', ({ conversationId, text, clientId }) => {
  void client
    .send(conversationId, { type: 'text', text }, { clientId })
    .then(() => process.send({ type: 'stored' }));
});
process.on('disconnect', () => process.exit());

if (existsSync(tokenFile)) await client.resume();
else await client.signIn({ ...account, deviceName: 'process' });
