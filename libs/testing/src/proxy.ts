import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { apiBase } from '#contracts';

/** Addresses of the processes behind one origin; several of a kind take turns. */
export interface Upstreams {
  directory: number[];
  messaging: number[];
  files: number[];
  admin: number[];
}

const routes: [keyof Upstreams, string[]][] = [
  ['messaging', [`${apiBase}/conversations`, `${apiBase}/search`, `${apiBase}/sync`, '/socket.io']],
  ['files', [`${apiBase}/files`]],
  ['admin', [`${apiBase}/admin`, `${apiBase}/audit`, '/console']],
];

/** One origin before several processes, as a reverse proxy in earnest would be. It knows addresses, nothing else. */
export class TestProxy {
  private readonly server: Server;
  private turn = 0;
  private readonly sockets = new Set<Duplex>();
  /** Every request so far; those for a socket begin with `upgrade`. */
  readonly asked: string[] = [];

  /** @param passesSockets false: as a proxy that does not know of WebSockets */
  constructor(
    private readonly upstreams: Upstreams,
    public passesSockets = true,
  ) {
    this.server = createServer((incoming, outgoing) => this.pass(incoming, outgoing));
    this.server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.upgrade(incoming, socket, head),
    );
  }

  /** Before one process that serves everything. */
  static before(port: number, passesSockets: boolean): TestProxy {
    const here = [port];
    return new TestProxy({ directory: here, messaging: here, files: here, admin: here }, passesSockets);
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private portFor(path: string): number {
    const [kind] = routes.find(([, prefixes]) => prefixes.some((prefix) => path.startsWith(prefix))) ?? [
      'directory',
    ];
    const ports = this.upstreams[kind];
    return ports[(this.turn += 1) % ports.length]!;
  }

  private pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, headers, url = '/' } = incoming;
    this.asked.push(`${method} ${url}`);
    const upstream = request(
      { host: '127.0.0.1', port: this.portFor(url), method, headers, path: url },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    upstream.on('error', () => {
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end();
    });
    outgoing.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  }

  private upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.asked.push(`upgrade ${incoming.url}`);
    if (!this.passesSockets) {
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const upstream = connect(this.portFor(incoming.url ?? '/'), '127.0.0.1', () => {
      const headers = incoming.rawHeaders
        .map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`))
        .join('');
      upstream.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${headers}\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    this.sockets.add(socket);
    const end = () => {
      this.sockets.delete(socket);
      upstream.destroy();
      socket.destroy();
    };
    upstream.on('error', end).on('close', end);
    socket.on('error', end).on('close', end);
  }
}
