import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { element, messageSize, parts, tags, value } from './ber.js';

/** What goes wrong with a reading, counted in the entries of one connection. */
export interface ReadFault {
  /** cut: the connection breaks; skip: entries are left out; end: a search ends as if that were all. */
  play: 'cut' | 'skip' | 'end';
  /** Entries that come through before. */
  after: number;
  /** Entries that are left out. */
  count?: number;
}

/** Stands before an LDAP server and spoils what is read through it. */
export class ReadingRelay {
  fault: ReadFault | undefined;
  /** How often a fault was played. */
  played = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(private readonly target: { host: string; port: number }) {
    this.server = createServer((socket) => this.relay(socket));
  }

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private relay(socket: Socket): void {
    const upstream = connect(this.target);
    for (const one of [socket, upstream]) {
      this.sockets.add(one.setNoDelay());
      one.on('error', () => one.destroy());
      one.on('close', () => {
        this.sockets.delete(one);
        socket.destroy();
        upstream.destroy();
      });
    }
    socket.pipe(upstream);
    const spoiled = new Spoiled(this.fault, () => (this.played += 1));
    let held = Buffer.alloc(0);
    upstream.on('data', (data) => {
      held = Buffer.concat([held, data]);
      for (let size = messageSize(held); size !== undefined; size = messageSize(held)) {
        const answer = spoiled.pass(held.subarray(0, size));
        held = held.subarray(size);
        if (answer === 'cut') socket.resetAndDestroy();
        else if (answer) socket.write(answer);
      }
    });
  }
}

/** The answers of one connection. */
class Spoiled {
  private entries = 0;
  private isEnding = false;

  constructor(
    private readonly fault: ReadFault | undefined,
    private readonly tell: () => void,
  ) {}

  /** @returns what passes in place of a message; undefined where nothing does */
  pass(message: Buffer): Buffer | 'cut' | undefined {
    const { fault } = this;
    const [id, operation] = parts(value(message));
    if (!fault || !id) return message;
    if (operation?.[0] === tags.found) return this.entry(fault, message);
    const isOver = operation?.[0] === tags.searched && this.isEnding;
    if (!isOver) return message;
    this.isEnding = false;
    // Without the control that would say where the next page begins.
    return element(tags.sequence, Buffer.concat([id, operation]));
  }

  private entry({ play, after, count = 1 }: ReadFault, message: Buffer): Buffer | 'cut' | undefined {
    const place = this.entries;
    this.entries += 1;
    if (place < after || (place >= after + count && !this.isEnding)) return message;
    if (place === after) this.tell();
    if (play === 'cut') return 'cut';
    if (play === 'end') this.isEnding = true;
    return undefined;
  }
}
