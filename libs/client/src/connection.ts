import type { ClientEventAnswer, ClientEventData, ClientEventName, ServerEventData } from '#contracts';
import { backoffMs } from './backoff.js';
import { isSessionOver, OfflineError, RefusedError } from './errors.js';
import type { Credentials, Http } from './http.js';
import type { Link, LinkHooks, NewsName, Transport } from './link.js';
import { PollLink } from './poll-link.js';
import { SocketLink, type SocketOptions } from './socket-link.js';

const backoff = { firstMs: 500, mostMs: 30_000 };
/** A socket that could not be opened so often in a row is taken for one that this network lets not pass. */
const socketFailures = 3;
/** While requests stand in for the socket, it is tried again, soon at first: perhaps the service was only restarted. */
const probing = { firstMs: 2000, mostMs: 600_000 };

/** ended: the session is over and only a new sign-in helps. */
export type ConnectionState = 'connecting' | 'live' | 'offline' | 'ended';

export interface ConnectionHooks {
  onState(state: ConnectionState): void;
  /** Begins each connection: what was under way on the one before is lost. */
  onReady(ready: { epoch: string }): void;
  /** Every word of the service, in its order. */
  onNews<N extends NewsName>(name: N, data: ServerEventData<N>): void;
}

/** One link that is opened again whenever it is lost, each time with a token that is good. */
export class Connection {
  private link: Link | undefined;
  private kind: Transport = 'socket';
  private current: ConnectionState = 'offline';
  private wanted = false;
  /** Tells an opening that was overtaken while it waited for its token. */
  private openings = 0;
  private attempt = 0;
  private failedSockets = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private refusedToken: string | undefined;
  private probe: Link | undefined;
  private probes = 0;
  private probeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly credentials: Credentials,
    private readonly http: Http,
    private readonly options: SocketOptions,
    private readonly hooks: ConnectionHooks,
  ) {}

  get state(): ConnectionState {
    return this.current;
  }

  /** How the service is reached; undefined while it is not. */
  get transport(): Transport | undefined {
    return this.current === 'live' ? this.kind : undefined;
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
    if (!this.wanted || this.current !== 'offline') return;
    this.attempt = 0;
    void this.open();
  }

  /** Gives this link up and opens another one. */
  restart(): void {
    if (this.wanted) this.onLost(new OfflineError());
  }

  /** What did not pass on the network before may pass on this one. */
  changeNetwork(): void {
    this.failedSockets = 0;
    this.probes = 0;
    this.restart();
  }

  /** The connection has proved useful: the next loss is the first again. */
  settle(): void {
    this.attempt = 0;
  }

  /** Throws RefusedError or OfflineError. */
  async request<N extends ClientEventName>(name: N, data: ClientEventData<N>): Promise<ClientEventAnswer<N>> {
    if (!this.link || this.current !== 'live') throw new OfflineError();
    return this.link.request(name, data);
  }

  /** Without an answer, and dropped where the connection is not ready for it. */
  emitVolatile<N extends ClientEventName>(name: N, data: ClientEventData<N>): void {
    if (this.current === 'live') this.link?.emitVolatile(name, data);
  }

  private async open(): Promise<void> {
    this.close();
    const opening = this.openings;
    this.setState('connecting');
    try {
      const token = await this.token();
      if (opening === this.openings) this.link = this.dial(token);
    } catch (error) {
      if (opening === this.openings) this.onLost(error);
    }
  }

  private token(): Promise<string> {
    const { refusedToken } = this;
    this.refusedToken = undefined;
    return refusedToken === undefined ? this.credentials.token() : this.credentials.renewed(refusedToken);
  }

  /** Where sockets do not pass, both kinds are tried by turns. */
  private dial(token: string): Link {
    this.kind = this.failedSockets >= socketFailures && this.kind === 'socket' ? 'polling' : 'socket';
    const hooks: LinkHooks = {
      onReady: (ready) => this.onReady(ready),
      onNews: (name, data) => this.receive(name, data),
      onLost: (error) => {
        const isRefused = error instanceof RefusedError;
        if (this.kind === 'socket' && this.current !== 'live' && !isRefused) this.failedSockets += 1;
        if (isRefused && error.code === 'auth.required') this.refusedToken = token;
        this.onLost(error);
      },
    };
    return this.kind === 'socket'
      ? new SocketLink(this.options, token, hooks)
      : new PollLink(this.http, hooks);
  }

  private onReady(ready: { epoch: string }): void {
    if (this.kind === 'socket') this.failedSockets = 0;
    else this.probeLater();
    this.setState('live');
    this.hooks.onReady(ready);
  }

  private receive<N extends NewsName>(name: N, data: ServerEventData<N>): void {
    this.hooks.onNews(name, data);
    if (name === 'session.ended') this.stop('ended');
  }

  private onLost(error: unknown): void {
    if (!this.wanted) return;
    this.close();
    if (isSessionOver(error) && this.refusedToken === undefined) return this.stop('ended');
    this.setState('offline');
    const atLeast = error instanceof RefusedError ? error.retryAfterMs : 0;
    this.timer = setTimeout(() => void this.open(), backoffMs(this.attempt, backoff, atLeast));
    this.attempt += 1;
  }

  private probeLater(): void {
    this.probeTimer = setTimeout(() => void this.openProbe(), backoffMs(this.probes, probing));
    this.probes += 1;
  }

  /** Tries a socket beside the requests, and goes over to it where it opens. */
  private async openProbe(): Promise<void> {
    const opening = this.openings;
    const again = () => opening === this.openings && this.probeLater();
    try {
      const token = await this.credentials.token();
      if (opening !== this.openings) return;
      this.probe = new SocketLink(this.options, token, {
        onReady: (ready) => this.adoptProbe(ready),
        onNews: (name, data) => this.receive(name, data),
        onLost: (error) => (this.kind === 'socket' ? this.onLost(error) : again()),
      });
    } catch (error) {
      if (!(error instanceof OfflineError) && !(error instanceof RefusedError)) throw error;
      again();
    }
  }

  private adoptProbe(ready: { epoch: string }): void {
    const { probe } = this;
    this.probe = undefined;
    this.close();
    this.link = probe;
    this.kind = 'socket';
    this.probes = 0;
    this.onReady(ready);
  }

  private close(): void {
    this.openings += 1;
    clearTimeout(this.timer);
    clearTimeout(this.probeTimer);
    const { link, probe } = this;
    this.link = undefined;
    this.probe = undefined;
    probe?.close();
    link?.close();
  }

  private setState(state: ConnectionState): void {
    if (state === this.current) return;
    this.current = state;
    this.hooks.onState(state);
  }
}
