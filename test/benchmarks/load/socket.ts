import { connect as connectPlain, type Socket } from 'node:net';
import type { ClientEventName, SocketAck } from '#contracts';
import { FrameReader, opcodes, textFrame } from './frames.js';
import { connectTls } from './tls.js';

export interface Target {
  port: number;
  tls: boolean;
}

export interface SocketListener {
  event(name: string, data: unknown, bytes: number): void;
  /** The connection ended without being asked to. */
  lost(reason: string): void;
}

type AckHandler = (ack: SocketAck<unknown>) => void;

const connectPatienceMs = 60_000;
const endOfHeader = Buffer.from('\r\n\r\n');
const pong = textFrame(Buffer.from('3'));
/** Ports of one source address are scarce, addresses of the loopback network are not. */
const connectionsPerAddress = 5000;
let connections = 0;

/** A connection as a device has one: socket.io over a WebSocket, with nothing that a measurement does not need. */
export class LoadSocket {
  private readonly reader = new FrameReader();
  private readonly pending = new Map<number, AckHandler>();
  private header: Buffer | undefined = Buffer.alloc(0);
  private nextAck = 0;
  private settleReady: { resolve: () => void; reject: (error: Error) => void } | undefined;
  private isClosed = false;

  private constructor(
    private readonly socket: Socket,
    private readonly token: string,
    private readonly listener: SocketListener,
  ) {}

  /** Resolves once the service says that the session may be used. */
  static async connect(target: Target, token: string, listener: SocketListener): Promise<LoadSocket> {
    const host = '127.0.0.1';
    const localAddress = `127.0.0.${2 + Math.floor((connections++ / connectionsPerAddress) % 200)}`;
    const { port } = target;
    const socket = target.tls ? connectTls(port) : connectPlain({ host, port, localAddress });
    const one = new LoadSocket(socket, token, listener);
    await one.open(port);
    return one;
  }

  /** Asks for something; the answer is the acknowledgement's data. Throws the refusal. */
  async request<T>(name: ClientEventName, data: object): Promise<T> {
    const answer = await new Promise<SocketAck<unknown>>((resolve) =>
      this.emit(name, [Buffer.from(JSON.stringify(data))], resolve),
    );
    if (!answer.ok) throw new Error(`${name} was refused: ${answer.error.code}`);
    return answer.data as T;
  }

  /** @param data JSON in pieces */
  emit(name: ClientEventName, data: readonly Buffer[], acknowledged: AckHandler): void {
    const id = this.nextAck++;
    this.pending.set(id, acknowledged);
    this.socket.write(textFrame(Buffer.from(`42${id}["${name}",`, 'latin1'), ...data, closing));
  }

  close(): void {
    this.isClosed = true;
    this.socket.destroy();
  }

  private async open(port: number): Promise<void> {
    const ready = new Promise<void>((resolve, reject) => (this.settleReady = { resolve, reject }));
    const late = setTimeout(() => this.end('no session within a minute'), connectPatienceMs);
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk: Buffer) => this.receive(chunk));
    this.socket.on('error', (error) => this.end(error.message));
    this.socket.on('close', () => this.end('closed'));
    this.socket.write(
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n' +
        `Host: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Key: bG9hZCBsb2FkIGxvYWQgbA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    try {
      await ready;
    } finally {
      clearTimeout(late);
    }
  }

  private end(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.socket.destroy();
    if (this.settleReady) this.settleReady.reject(new Error(`not connected: ${reason}`));
    else this.listener.lost(reason);
  }

  private receive(chunk: Buffer): void {
    // What is answered to one chunk leaves in one write.
    this.socket.cork();
    try {
      const rest = this.header ? this.passHeader(chunk) : chunk;
      if (rest) this.reader.read(rest, this.frame);
    } catch (error) {
      this.end(String(error));
    }
    this.socket.uncork();
  }

  /** What follows the answer to the upgrade; undefined while that is incomplete. */
  private passHeader(chunk: Buffer): Buffer | undefined {
    const header = Buffer.concat([this.header!, chunk]);
    const end = header.indexOf(endOfHeader);
    this.header = end < 0 ? header : undefined;
    if (end < 0) return undefined;
    if (!header.toString('latin1', 0, 12).endsWith(' 101')) {
      throw new Error(`the upgrade was refused: ${header.toString('latin1', 0, 60)}`);
    }
    return header.subarray(end + endOfHeader.length);
  }

  private readonly frame = (opcode: number, payload: Buffer): void => {
    if (opcode === opcodes.close) this.end(`closed by the server with ${closeOf(payload)}`);
    if (opcode !== opcodes.text) return;
    const kind = payload.toString('latin1', 0, 2);
    if (kind === '42') this.event(payload);
    else if (kind === '43') this.acknowledgement(payload);
    else if (kind === '2') this.socket.write(pong);
    else if (kind.startsWith('0')) this.socket.write(textFrame(Buffer.from(`40{"token":"${this.token}"}`)));
    else if (kind === '44') this.end(`refused: ${payload.toString('utf8', 2)}`);
    else if (kind === '41' || kind === '1') this.end('disconnected by the server');
  };

  private event(payload: Buffer): void {
    const [name, data] = JSON.parse(payload.toString('utf8', 2)) as [string, unknown];
    if (name === 'session.ready' && this.settleReady) {
      this.settleReady.resolve();
      this.settleReady = undefined;
    }
    this.listener.event(name, data, payload.length);
  }

  private acknowledgement(payload: Buffer): void {
    const bracket = payload.indexOf(0x5b);
    const id = Number(payload.toString('latin1', 2, bracket));
    const handler = this.pending.get(id);
    this.pending.delete(id);
    const [answer] = JSON.parse(payload.toString('utf8', bracket)) as [SocketAck<unknown>];
    handler?.(answer);
  }
}

const closing = Buffer.from(']');

const closeOf = (payload: Buffer): string =>
  payload.length < 2 ? 'no code' : `${payload.readUInt16BE(0)} ${payload.toString('utf8', 2)}`;
