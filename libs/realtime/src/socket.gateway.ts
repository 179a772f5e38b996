import type { Server as HttpServer } from 'node:http';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Gauge } from 'prom-client';
import { Server, type Socket } from 'socket.io';
import { Presence, Sessions } from '#access';
import { clientEvents, Handshake, protocolVersion, type ClientEventName } from '#contracts';
import { LogWatch } from '#persistence';
import { AppError, logger, metrics, parse, parseStrictly, toAppError, type PersonPrincipal } from '#platform';
import { ClientRequests } from './client-requests.js';
import { Connection } from './connection.js';
import { paceUpgrades } from './paced-upgrades.js';
import { PresenceNews } from './presence-news.js';
import { Registry } from './registry.js';
import { SessionEnds } from './session-ends.js';

const log = logger('realtime');

const connected = new Gauge({
  name: 'chancery_connections',
  help: 'Sockets of signed-in devices on this process',
  registers: [metrics],
});

const slow = new Gauge({
  name: 'chancery_connections_pulling',
  help: 'Sockets of this process that do not keep up and ask for what they miss',
  registers: [metrics],
});
const waiting = new Gauge({
  name: 'chancery_socket_waiting_bytes',
  help: 'Bytes of this process that sockets have not taken yet',
  registers: [metrics],
});
const countEveryMs = 1000;

/** A frame carries at most a request; the rest is room for names. */
const frameBytes = 64 * 1024;
/** Generous, because thousands who come at the same moment are let in one after the other. */
const handshakeMs = 30_000;
const pingEveryMs = 25_000;
const pingPatienceMs = 20_000;
/** Requests of one socket that may be on their way at once. */
const requestsAtOnce = 128;

type Acknowledge = (answer: object) => void;

/** The door of the sockets: who comes in, and what they ask. Every refusal is an acknowledgement. */
@Injectable()
export class SocketGateway implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private server: Server;
  private letNobodyIn: (() => void) | undefined;

  constructor(
    private readonly http: HttpAdapterHost,
    private readonly sessions: Sessions,
    private readonly presence: Presence,
    private readonly logs: LogWatch,
    private readonly registry: Registry,
    private readonly presenceNews: PresenceNews,
    private readonly sessionEnds: SessionEnds,
    private readonly requests: ClientRequests,
  ) {}

  onApplicationBootstrap(): void {
    const httpServer = this.http.httpAdapter.getHttpServer() as HttpServer;
    this.server = new Server(httpServer, {
      path: '/socket.io',
      transports: ['websocket'],
      allowUpgrades: false,
      serveClient: false,
      maxHttpBufferSize: frameBytes,
      connectTimeout: handshakeMs,
      pingInterval: pingEveryMs,
      pingTimeout: pingPatienceMs,
    });
    this.letNobodyIn = paceUpgrades(httpServer);
    this.server.use((socket, next) => {
      this.admit(socket).then(
        () => next(),
        (error: unknown) => next(refusal(error)),
      );
    });
    this.server.on('connection', (socket) => void this.welcome(socket, socket.data as Admitted));
    setInterval(() => this.countSlow(), countEveryMs).unref();
  }

  /** Before the services stop: nothing new comes in, and what is on its way is answered. */
  beforeApplicationShutdown(): void {
    this.letNobodyIn?.();
    for (const connection of this.registry.all()) connection.close();
    this.server?.engine.close();
  }

  private async admit(socket: Socket): Promise<void> {
    const { token } = parse(Handshake, socket.handshake.auth);
    const principal = await this.sessions.authenticate(token, 'api');
    if (principal.kind !== 'person') throw new AppError('access.forbidden');
    socket.data = { principal } satisfies Admitted;
  }

  private async welcome(socket: Socket, { principal }: Admitted): Promise<void> {
    const connection = new Connection(principal, socket);
    connected.inc();
    this.presence.count(principal.id, 1);
    socket.on('disconnect', () => {
      connected.dec();
      this.presence.count(principal.id, -1);
      this.registry.remove(connection);
      this.presenceNews.unwatch(connection);
      this.sessionEnds.unwatch(connection);
    });
    try {
      await this.sessionEnds.watch(connection);
      await this.registry.add(connection);
      if (!socket.connected) {
        this.registry.remove(connection);
        this.sessionEnds.unwatch(connection);
        return;
      }
      this.listen(socket, connection);
      connection.send('session.ready', {
        epoch: this.logs.epoch,
        serverTime: new Date().toISOString(),
        protocol: protocolVersion,
      });
    } catch (error) {
      log.debug({ err: error }, 'a connection was given up');
      if (error instanceof AppError && error.code === 'auth.session_ended') {
        const reason = error.details?.['reason'];
        connection.send('session.ended', { reason: typeof reason === 'string' ? reason : 'expired' });
      }
      connection.close();
    }
  }

  private countSlow(): void {
    let pulling = 0;
    let bytes = 0;
    for (const receiver of this.registry.all()) {
      if (!(receiver instanceof Connection)) continue;
      if (receiver.isPulling) pulling += 1;
      bytes += receiver.waitingBytes;
    }
    slow.set(pulling);
    waiting.set(bytes);
  }

  private listen(socket: Socket, connection: Connection): void {
    let underway = 0;
    socket.onAny((name: string, ...parameters: unknown[]) => {
      const acknowledge = acknowledgeOf(parameters);
      if (underway >= requestsAtOnce) {
        acknowledge(new AppError('rate.limited', { retryAfterMs: 250 }).toAnswer());
        return;
      }
      underway += 1;
      void this.answer(name, parameters[0], connection, acknowledge).finally(() => {
        underway -= 1;
        connection.restWhileSlow();
      });
    });
  }

  private async answer(
    name: string,
    data: unknown,
    connection: Connection,
    acknowledge: Acknowledge,
  ): Promise<void> {
    try {
      if (!isClientEvent(name)) throw new AppError('route.not_found');
      const input = parseStrictly(clientEvents[name].data, data);
      const { data: answer, afterwards } = await this.requests.answer(name, connection, input);
      acknowledge({ ok: true, data: answer });
      afterwards?.();
    } catch (error) {
      acknowledge({ ok: false, ...toAppError(error).toAnswer() });
    }
  }
}

interface Admitted {
  principal: PersonPrincipal;
}

const isClientEvent = (name: string): name is ClientEventName => Object.hasOwn(clientEvents, name);

/** Who asks for no acknowledgement gets none. */
function acknowledgeOf(parameters: unknown[]): Acknowledge {
  const last = parameters.at(-1);
  return typeof last === 'function' ? (last as Acknowledge) : () => {};
}

/** What socket.io passes on as `connect_error`, with the refusal in `data`. */
function refusal(error: unknown): Error {
  const { error: answer } = toAppError(error).toAnswer();
  return Object.assign(new Error(answer.code), { data: answer });
}
