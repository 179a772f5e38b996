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
import { backoffMs } from './backoff.js';
import { isSessionOver, OfflineError, RefusedError } from './errors.js';
import type { Credentials } from './http.js';

const backoff = { firstMs: 500, mostMs: 30_000 };
/** An acknowledgement that takes longer counts as lost; everything that is sent may be sent again. */
const ackTimeoutMs = 15_000;
/** From the opening of the socket to `session.ready`. */
const readyTimeoutMs = 15_000;

/** ended: the session is over and only a new sign-in helps. */
export type ConnectionState = 'connecting' | 'live' | 'offline' | 'ended';

export interface ConnectionOptions {
  /** Origin of the service; empty for the page's own. */
  baseUrl: string;
  deviceId: string;
  client: { name: string; version: string };
}

export interface ConnectionHooks {
  onState(state: ConnectionState): void;
  /** Every frame of the service, in its order; `session.ready` begins each connection. */
  onEvent<N extends ServerEventName>(name: N, data: ServerEventData<N>): void;
}

const eventNames = Object.keys(serverEvents) as ServerEventName[];

/** One socket that is opened again whenever it is lost, each time with a token that is good. */
export class Connection {
  private socket: Socket | undefined;
  private current: ConnectionState = 'offline';
  private wanted = false;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private refusedToken: string | undefined;

  constructor(
    private readonly credentials: Credentials,
    private readonly options: ConnectionOptions,
    private readonly hooks: ConnectionHooks,
  ) {}

  get state(): ConnectionState {
    return this.current;
  }

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    void this.open();
  }

  stop(state: 'offline' | 'ended' = 'offline'): void {
    this.wanted = false;
    this.close();
    this.setState(state);
  }

  /** The network may be back: tries now where it was waiting. */
  wake(): void {
    if (!this.wanted || this.timer === undefined) return;
    this.attempt = 0;
    void this.open();
  }

  /** Gives this socket up and opens another one. */
  restart(): void {
    if (this.wanted) this.lose();
  }

  /** The connection has proved useful: the next loss is the first again. */
  settle(): void {
    this.attempt = 0;
  }

  /** Throws RefusedError or OfflineError. */
  async request<N extends ClientEventName>(name: N, data: ClientEventData<N>): Promise<ClientEventAnswer<N>> {
    if (!this.socket || this.current !== 'live') throw new OfflineError();
    let ack: SocketAck<ClientEventAnswer<N>>;
    try {
      ack = (await this.socket.timeout(ackTimeoutMs).emitWithAck(name, data)) as typeof ack;
    } catch (error) {
      throw new OfflineError(error);
    }
    if (!ack.ok) throw RefusedError.from(ack.error);
    return ack.data;
  }

  /** Without an answer, and dropped where the connection is not ready for it. */
  emitVolatile<N extends ClientEventName>(name: N, data: ClientEventData<N>): void {
    if (this.current === 'live') this.socket?.volatile.emit(name, data);
  }

  private async open(): Promise<void> {
    this.close();
    this.setState('connecting');
    let token: string;
    try {
      const { refusedToken } = this;
      this.refusedToken = undefined;
      token = await (refusedToken === undefined
        ? this.credentials.token()
        : this.credentials.renewed(refusedToken));
    } catch (error) {
      if (isSessionOver(error)) this.stop('ended');
      else this.retryLater(error);
      return;
    }
    // While the token was fetched the connection may have been stopped or opened by another call.
    if (this.wanted && this.socket === undefined) this.listen(this.dial(token), token);
  }

  private dial(token: string): Socket {
    const { baseUrl, deviceId, client } = this.options;
    const options = {
      path: '/socket.io',
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: { token, deviceId, client: { ...client, protocol: protocolVersion } },
    };
    return baseUrl === '' ? io(options) : io(baseUrl, options);
  }

  private listen(socket: Socket, token: string): void {
    this.socket = socket;
    const isCurrent = () => this.socket === socket;
    this.timer = setTimeout(() => isCurrent() && this.lose(), readyTimeoutMs);
    socket.on('connect_error', (error: Error & { data?: ErrorAnswer['error'] }) => {
      if (isCurrent()) this.onRefusedHandshake(error, token);
    });
    socket.on('disconnect', () => isCurrent() && this.lose());
    for (const name of eventNames) {
      socket.on(name, (data: ServerEventData<typeof name>) => isCurrent() && this.receive(name, data));
    }
  }

  private receive<N extends ServerEventName>(name: N, data: ServerEventData<N>): void {
    if (name === 'session.ready') {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.setState('live');
    }
    this.hooks.onEvent(name, data);
    if (name === 'session.ended') this.stop('ended');
  }

  private onRefusedHandshake(error: Error & { data?: ErrorAnswer['error'] }, token: string): void {
    const refusal = error.data?.code ? RefusedError.from(error.data) : undefined;
    if (refusal?.code === 'auth.required') this.refusedToken = token;
    else if (isSessionOver(refusal)) return this.stop('ended');
    this.lose(refusal);
  }

  private lose(error?: unknown): void {
    this.close();
    this.retryLater(error);
  }

  private retryLater(error?: unknown): void {
    if (!this.wanted) return;
    this.setState('offline');
    const atLeast = error instanceof RefusedError ? error.retryAfterMs : 0;
    this.timer = setTimeout(() => void this.open(), backoffMs(this.attempt, backoff, atLeast));
    this.attempt += 1;
  }

  private close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { socket } = this;
    this.socket = undefined;
    socket?.disconnect();
  }

  private setState(state: ConnectionState): void {
    if (state === this.current) return;
    this.current = state;
    this.hooks.onState(state);
  }
}
