import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const ofTheBus = new AsyncLocalStorage<true>();

/**
 * Runs what opens connections to the bus, now or whenever it connects again. The client takes its listeners away from
 * a socket that may still fail: written to after the server ended it, its error would end this process.
 */
export function withinBus<T>(connect: () => Promise<T>): Promise<T> {
  return ofTheBus.run(true, connect);
}

subscribe('net.client.socket', (message) => {
  if (!ofTheBus.getStore()) return;
  const { socket } = message as { socket: Socket };
  const removeAllListeners = socket.removeAllListeners.bind(socket);
  socket.removeAllListeners = (...of) => {
    removeAllListeners(...of);
    // Why it failed was told to the client already, or does not matter any more.
    return socket.on('error', () => undefined);
  };
});
