import { io, type Socket } from 'socket.io-client';
import {
  protocolVersion,
  serverEvents,
  type ClientEventAnswer,
  type ClientEventData,
  type ClientEventName,
  type ErrorAnswer,
  type ServerEventData,
  type ServerEventName,
  type SocketAck,
} from '#contracts';
import { OfflineError, RefusedError } from './errors.js';
import type { Link, LinkHooks, NewsName } from './link.js';
import type { Ask } from './sync.js';

/** An acknowledgement that takes longer counts as lost; everything that is sent may be sent again. */
const ackTimeoutMs = 15_000;
/** From the opening of the socket to `session.ready`. */
const readyTimeoutMs = 15_000;

export interface SocketOptions {
  /** Origin of the service; empty for the page's own. */
  baseUrl: string;
  deviceId: string;
  client: { name: string; version: string };
}

const newsNames = (Object.keys(serverEvents) as ServerEventName[]).filter(
  (name): name is NewsName => name !== 'session.ready',
);

/** A WebSocket with socket.io on it. */
export class SocketLink implements Link {
  private readonly socket: Socket;
  private readonly timer: ReturnType<typeof setTimeout>;
  private isOver = false;
  /** Gives up on what was asked and not answered. */
  private readonly unanswered = new Set<(error: unknown) => void>();

  constructor(
    options: SocketOptions,
    token: string,
    private readonly hooks: LinkHooks,
  ) {
    this.socket = dial(options, token);
    this.timer = setTimeout(() => this.lose(new OfflineError()), readyTimeoutMs);
    this.listen();
  }

  readonly request: Ask = async <N extends ClientEventName>(name: N, data: ClientEventData<N>) => {
    const ack = (await this.acknowledged(name, data)) as SocketAck<ClientEventAnswer<N>>;
    if (!ack.ok) throw RefusedError.from(ack.error);
    return ack.data;
  };

  emitVolatile<N extends ClientEventName>(name: N, data: ClientEventData<N>): void {
    this.socket.volatile.emit(name, data);
  }

  close(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.socket.disconnect();
    // What socket.io still holds for a socket that found itself dead would wait for its whole time.
    for (const giveUp of this.unanswered) giveUp(new Error('the connection has ended'));
  }

  /** Throws OfflineError as soon as no answer can come any more. */
  private async acknowledged(name: string, data: unknown): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.unanswered.add(reject);
    this.socket.timeout(ackTimeoutMs).emitWithAck(name, data).then(resolve, reject);
    try {
      return await promise;
    } catch (error) {
      throw new OfflineError(error);
    } finally {
      this.unanswered.delete(reject);
    }
  }

  private listen(): void {
    const { socket } = this;
    socket.on('connect_error', (error: Error & { data?: ErrorAnswer['error'] }) => {
      this.lose(error.data?.code ? RefusedError.from(error.data) : new OfflineError(error));
    });
    socket.on('disconnect', () => this.lose(new OfflineError()));
    socket.on('session.ready', (ready: ServerEventData<'session.ready'>) => {
      clearTimeout(this.timer);
      if (!this.isOver) this.hooks.onReady(ready);
    });
    for (const name of newsNames) {
      socket.on(name, (data: ServerEventData<typeof name>) => {
        if (!this.isOver) this.hooks.onNews(name, data);
      });
    }
  }

  private lose(error: unknown): void {
    if (this.isOver) return;
    this.close();
    this.hooks.onLost(error);
  }
}

function dial({ baseUrl, deviceId, client }: SocketOptions, token: string): Socket {
  const options = {
    path: '/socket.io',
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth: { token, deviceId, client: { ...client, protocol: protocolVersion } },
  };
  return baseUrl === '' ? io(options) : io(baseUrl, options);
}
