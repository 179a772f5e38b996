import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Transform } from 'node:stream';

/** What goes wrong with one request. */
export type Trouble =
  /** The connection breaks after so many bytes of the request's body. */
  | { cutRequestAt: number }
  /** The connection breaks after so many bytes of the answer's body. */
  | { cutAnswerAt: number }
  /** The answer is this, and the server behind was not asked. */
  | { status: number; body: string }
  /** The server behind did it, and the answer is this. */
  | { afterwards: { status: number; body: string } }
  /** The request's body is other bytes on its way, as many of them. */
  | { otherRequestBytes: true }
  /** The answer's body is other bytes, as many of them. */
  | { otherBytes: true }
  /** A header of the answer says something else. */
  | { header: [string, string] };

type Match = (method: string, path: string) => boolean;

/** Stands before an HTTP server, and makes trouble as it is told; each piece of it once. */
export class TroubledProxy {
  private readonly script: { match: Match; trouble: Trouble }[] = [];
  private readonly server: Server;

  /** @param target port of 127.0.0.1 behind it */
  constructor(private readonly target: number) {
    this.server = createServer((incoming, outgoing) => this.pass(incoming, outgoing));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The next request of this kind goes wrong like this. */
  next(match: Match, trouble: Trouble): void {
    this.script.push({ match, trouble });
  }

  /** Whether all of the trouble has happened. */
  get isDone(): boolean {
    return this.script.length === 0;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = 'GET', url = '/', headers } = incoming;
    const at = this.script.findIndex(({ match }) => match(method, url));
    const trouble = at < 0 ? undefined : this.script.splice(at, 1)[0]!.trouble;
    if (trouble && 'status' in trouble) {
      incoming.resume();
      outgoing.writeHead(trouble.status, { 'content-type': 'application/xml' }).end(trouble.body);
      return;
    }
    const upstream = request({ host: '127.0.0.1', port: this.target, method, path: url, headers }, (answer) =>
      this.answer(answer, outgoing, trouble),
    );
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('close', () => upstream.destroy());
    if (trouble && 'cutRequestAt' in trouble) {
      let seen = 0;
      incoming.on('data', (chunk: Buffer) => {
        seen += chunk.length;
        if (seen >= trouble.cutRequestAt) incoming.socket.resetAndDestroy();
      });
    }
    incoming.on('error', () => upstream.destroy());
    if (trouble && 'otherRequestBytes' in trouble) pipeline(incoming, otherBytes(), upstream, () => {});
    else incoming.pipe(upstream);
  }

  private answer(answer: IncomingMessage, outgoing: ServerResponse, trouble: Trouble | undefined): void {
    answer.on('error', () => outgoing.destroy());
    if (trouble && 'afterwards' in trouble) {
      answer.resume();
      outgoing.writeHead(trouble.afterwards.status).end(trouble.afterwards.body);
      return;
    }
    const changed = trouble && 'header' in trouble ? Object.fromEntries([trouble.header]) : {};
    outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...changed });
    let seen = 0;
    answer.on('data', (chunk: Buffer) => {
      const isCut = trouble && 'cutAnswerAt' in trouble && seen + chunk.length >= trouble.cutAnswerAt;
      seen += chunk.length;
      outgoing.write(trouble && 'otherBytes' in trouble ? Buffer.alloc(chunk.length, 1) : chunk, () => {
        if (isCut) outgoing.destroy();
      });
    });
    answer.on('end', () => outgoing.end());
  }
}

const otherBytes = (): Transform =>
  new Transform({ transform: (chunk: Buffer, _encoding, done) => done(null, Buffer.alloc(chunk.length, 1)) });
