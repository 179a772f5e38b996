import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import { withinBus } from './bus-sockets.js';

it('a connection to a bus that went away, written to when nobody listens any more, ends no process', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = await withinBus(async () => createConnection(port, '127.0.0.1'));
  await once(socket, 'connect');
  const failed = new Promise<Error | null | undefined>((resolve) => {
    socket.end();
    socket.write('a hint', resolve);
  });
  socket.removeAllListeners();
  expect(await failed).toMatchObject({ code: 'ERR_STREAM_WRITE_AFTER_END' });
  await once(socket, 'close');
  await new Promise((resolve) => server.close(resolve));
});
