import { Agent as PlainAgent, type AgentOptions } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import type { Socket } from 'node:net';

/** What is read from a connection at once; without this 64 KiB, each in new memory. */
const readBytes = 256 * 1024;
const kept: AgentOptions = { keepAlive: true, scheduling: 'lifo', timeout: 5000, maxFreeSockets: 8 };

/** Every connection reads into memory of its own, again and again: what HTTP finds in it is copied from there. */
const reading = () => ({
  buffer: Buffer.allocUnsafeSlow(readBytes),
  callback(this: Socket, length: number, memory: Uint8Array): boolean {
    this.emit('data', (memory as Buffer).subarray(0, length));
    return !this.isPaused();
  },
});

class PlainConnections extends PlainAgent {
  override createConnection(...[options, created]: Parameters<PlainAgent['createConnection']>) {
    return super.createConnection({ ...options, onread: reading() } as typeof options, created);
  }
}

class TlsConnections extends TlsAgent {
  override createConnection(...[options, created]: Parameters<TlsAgent['createConnection']>) {
    return super.createConnection({ ...options, onread: reading() } as typeof options, created);
  }
}

/** Connections to an object store. */
export const connections = (isTls: boolean): PlainAgent =>
  isTls ? new TlsConnections(kept) : new PlainConnections(kept);
