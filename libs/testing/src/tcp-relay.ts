import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** One address before a server that may change, as the service address of a database cluster is. */
export class TcpRelay {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor(private target: number | undefined) {
    this.server = createServer((socket) => this.pass(socket));
  }

  static async to(port: number): Promise<TcpRelay> {
    const relay = new TcpRelay(port);
    await new Promise<void>((resolve) => relay.server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Connections of before end at once. */
  switchTo(port: number): void {
    this.cut();
    this.target = port;
  }

  /** Nothing gets through any more. */
  cut(): void {
    this.target = undefined;
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(socket: Socket): void {
    if (this.target === undefined) {
      socket.destroy();
      return;
    }
    const upstream = connect(this.target, '127.0.0.1');
    const end = () => {
      socket.destroy();
      upstream.destroy();
    };
    for (const one of [socket, upstream]) {
      this.sockets.add(one.setNoDelay());
      one.on('error', end).on('close', () => {
        this.sockets.delete(one);
        end();
      });
    }
    socket.pipe(upstream).pipe(socket);
  }
}
