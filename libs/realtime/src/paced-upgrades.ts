import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

type Upgrade = [request: IncomingMessage, socket: Duplex, head: Buffer];
type UpgradeListener = (...upgrade: Upgrade) => void;

const atOnce = 32;

/**
 * Lets those who come at the same moment in a few in each turn of the loop: in between, it takes new connections from
 * the system, whose queue of them is short. Whoever waits holds a connection, so no more can wait than there may be.
 * @returns lets nobody in any more: a server ends when its last connection does
 */
export function paceUpgrades(server: Server): () => void {
  const listeners = server.listeners('upgrade') as UpgradeListener[];
  server.removeAllListeners('upgrade');
  let waiting: Upgrade[] = [];
  let isClosed = false;
  const letIn = () => {
    const now = waiting.slice(0, atOnce);
    waiting = waiting.slice(atOnce);
    for (const [request, socket, head] of now) {
      socket.off('error', gone);
      if (socket.destroyed) continue;
      // The answer and the first frame leave in one piece: a system call for both, not one for each.
      socket.cork();
      process.nextTick(() => socket.uncork());
      for (const listener of listeners) listener(request, socket, head);
    }
    if (waiting.length > 0) setImmediate(letIn);
  };
  server.on('upgrade', (...upgrade: Upgrade) => {
    upgrade[1].on('error', gone);
    if (isClosed) {
      upgrade[1].destroy();
      return;
    }
    if (waiting.push(upgrade) === 1) setImmediate(letIn);
  });
  return () => {
    isClosed = true;
    for (const [, socket] of waiting) socket.destroy();
    waiting = [];
  };
}

/** Who goes while they wait is destroyed by Node, and passed over. */
const gone = (): void => {};
