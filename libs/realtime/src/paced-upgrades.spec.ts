import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { paceUpgrades } from './paced-upgrades.js';

let server: Server;
let letNobodyIn: () => void;
let admitted: { path: string; socket: Duplex }[];
let clients: Socket[];

beforeEach(async () => {
  [admitted, clients] = [[], []];
  server = createServer();
  server.on('upgrade', ({ url }, socket) => {
    socket.on('error', () => {});
    admitted.push({ path: url!, socket });
  });
  letNobodyIn = paceUpgrades(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  for (const client of clients) client.destroy();
  for (const { socket } of admitted) socket.destroy();
  server.close();
});

async function comes(path: string): Promise<Socket> {
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1').on('error', () => {});
  clients.push(client);
  await new Promise((resolve) => client.once('connect', resolve));
  client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  return client;
}

it('lets everybody in who came at once', async () => {
  const paths = Array.from({ length: 100 }, (_, i) => `/${i}`);
  await Promise.all(paths.map(comes));
  await eventually('all are in', () => admitted.length === paths.length);
  expect(new Set(admitted.map(({ path }) => path))).toEqual(new Set(paths));
});

it('turns away whoever comes once nobody is let in any more, so that the server can end', async () => {
  letNobodyIn();
  const late = await comes('/late');
  await eventually('they are turned away', () => late.destroyed);
  expect(admitted).toEqual([]);
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

it('survives that somebody goes at once', async () => {
  (await comes('/hasty')).resetAndDestroy();
  await comes('/patient');
  await eventually('the other is in', () => admitted.some(({ path }) => path === '/patient'));
});
