import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { element, messageSize, parts, tags, value } from './ber.js';

/** What the relay answers to a bind in place of the directory. */
export interface BindAnswer {
  code: number;
  message: string;
}

/**
 * Stands before an LDAP server, counts the binds of each name, and answers those it was told to answer; everything
 * else passes as it is.
 */
export class BindRelay {
  /** Binds by DN, in lower case. */
  readonly binds = new Map<string, number>();
  private readonly answers = new Map<string, BindAnswer>();
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;

  async start(target: string): Promise<string> {
    const { hostname, port } = new URL(target);
    this.server = createServer((socket) => this.relay(socket, hostname, Number(port)));
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `ldap://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** @param answer undefined lets binds of the name pass again */
  answer(dn: string, answer: BindAnswer | undefined): void {
    if (answer) this.answers.set(dn.toLowerCase(), answer);
    else this.answers.delete(dn.toLowerCase());
  }

  countOf(dn: string): number {
    return this.binds.get(dn.toLowerCase()) ?? 0;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    const { server } = this;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  private relay(socket: Socket, host: string, port: number): void {
    const upstream = connect(port, host);
    for (const one of [socket, upstream]) {
      this.sockets.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => {
        this.sockets.delete(one);
        socket.destroy();
        upstream.destroy();
      });
    }
    upstream.pipe(socket);
    let held = Buffer.alloc(0);
    socket.on('data', (data) => {
      held = Buffer.concat([held, data]);
      for (let size = messageSize(held); size !== undefined; size = messageSize(held)) {
        const message = held.subarray(0, size);
        held = held.subarray(size);
        const answer = this.answerTo(message);
        if (answer) socket.write(answer);
        else upstream.write(message);
      }
    });
  }

  private answerTo(message: Buffer): Buffer | undefined {
    const [id, operation] = parts(value(message));
    if (!id || operation?.[0] !== tags.bind) return undefined;
    const dn = value(parts(value(operation))[1]!)
      .toString()
      .toLowerCase();
    this.binds.set(dn, this.countOf(dn) + 1);
    const answer = this.answers.get(dn);
    if (!answer) return undefined;
    const result = Buffer.concat([
      element(tags.enumerated, Buffer.from([answer.code])),
      element(tags.octets, Buffer.alloc(0)),
      element(tags.octets, Buffer.from(answer.message)),
    ]);
    return element(tags.sequence, Buffer.concat([id, element(tags.bound, result)]));
  }
}
