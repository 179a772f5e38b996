import { io, type Socket } from 'socket.io-client';
import { setTimeout as pause } from 'node:timers/promises';
import { Http, isPassing, OfflineError, RefusedError } from '#client';
import { newId, type Ack, type Me, type ServerEventData, type SocketAck } from '#contracts';
import { seen, type DeviceRecord } from '../history.js';
import type { Random } from '../random.js';

const ackMs = 8000;
const mostCopies = 4;
/** Between two attempts, doubling up to the most. */
const betweenMs = 250;
const mostBetweenMs = 4000;

interface Copy {
  clientId: string;
  conversationId: string;
  text: string;
}

export interface RawDeviceOptions {
  name: string;
  me: Me;
  /** One for each process that takes messages. */
  addresses: readonly string[];
  token: string;
  random: Random;
  skewMs: number;
  now: () => number;
}

/** Bare sockets and HTTP: only listens to what is pushed, and sends each message several times over at once. */
export class RawDevice {
  readonly record: DeviceRecord;
  private readonly doors: Http[];
  private socket: Socket | undefined;
  private underWay = 0;
  private isOver = false;
  private hasGivenUp = false;

  constructor(private readonly options: RawDeviceOptions) {
    const { name, me, addresses, token } = options;
    this.record = { name, personId: me.id, kind: 'raw', sends: [], answers: [], tape: [], timelines: [] };
    const fixed = () => Promise.resolve(token);
    this.doors = addresses.map((address) => {
      const http = new Http(address);
      http.use({ token: fixed, renewed: fixed });
      return http;
    });
  }

  /** Connects to any of the processes, and to another one whenever it loses it. */
  open(): void {
    const { random, addresses, token } = this.options;
    const socket = io(random.one(addresses), {
      path: '/socket.io',
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: { token },
    });
    this.socket = socket;
    const { tape } = this.record;
    tape.push({ what: 'connecting' });
    socket.on('events', ({ conversationId, prevSeq, events }: ServerEventData<'events'>) => {
      if (this.socket !== socket) return;
      tape.push({ what: 'push', isPolled: false, conversationId, prevSeq, events: events.map(seen) });
    });
    socket.on('conversation.changed', (changed: ServerEventData<'conversation.changed'>) =>
      tape.push({ what: 'changed', ...changed }),
    );
    socket.on('disconnect', () => this.lost(socket));
    socket.on('connect_error', () => this.lost(socket));
  }

  /** What is not answered by now stays so. */
  giveUp(): void {
    this.hasGivenUp = true;
  }

  reconnect(): void {
    this.socket?.disconnect();
  }

  close(): void {
    this.isOver = true;
    this.socket?.disconnect();
  }

  get isLive(): boolean {
    return this.socket?.connected === true;
  }

  get waiting(): number {
    return this.underWay;
  }

  /** The same message several times at once, by different doors; each copy until it is answered. */
  async send(conversationId: string, text: string): Promise<void> {
    const { random, skewMs, now } = this.options;
    const copy = { clientId: newId(Date.now() + skewMs), conversationId, text };
    this.record.sends.push({ ...copy, at: now(), isKept: true });
    const copies = Array.from({ length: random.whole(2, mostCopies) }, () =>
      this.deliver(copy, random.chance(0.4), random.chance(0.3) ? random.whole(1, 400) : 0),
    );
    this.underWay += 1;
    await Promise.all(copies).finally(() => (this.underWay -= 1));
  }

  private async deliver(copy: Copy, bySocket: boolean, afterMs: number): Promise<void> {
    const door = this.options.random.one(this.doors);
    await pause(afterMs);
    for (let attempt = 0; !this.hasGivenUp && !this.isOver; attempt += 1) {
      try {
        const ack = await (bySocket && this.socket?.connected ? emit(this.socket, copy) : post(door, copy));
        this.record.answers.push({ clientId: copy.clientId, ack, via: bySocket ? 'socket' : 'http' });
        return;
      } catch (error) {
        this.refused(copy, error);
        if (!isPassing(error)) return;
        const atLeast = error instanceof RefusedError ? (error.retryAfterMs ?? 0) : 0;
        await pause(atLeast + Math.min(mostBetweenMs, betweenMs * 2 ** attempt));
      }
    }
  }

  private refused({ clientId }: Copy, error: unknown): void {
    if (error instanceof OfflineError) return;
    if (!(error instanceof RefusedError)) throw error;
    const isLasting = !isPassing(error);
    this.record.answers.push({ clientId, refusal: error.code, isLasting, via: 'one of several ways' });
  }

  private lost(socket: Socket): void {
    if (this.socket !== socket) return;
    this.socket = undefined;
    this.record.tape.push({ what: 'closed' });
    socket.disconnect();
    if (this.isOver) return;
    setTimeout(
      () => {
        if (!this.isOver) this.open();
      },
      this.options.random.whole(100, 1500),
    );
  }
}

const post = (door: Http, { conversationId, clientId, text }: Copy): Promise<Ack> =>
  door.call('sendMessage', { params: { conversationId }, body: { clientId, body: { type: 'text', text } } });

async function emit(socket: Socket, { conversationId, clientId, text }: Copy): Promise<Ack> {
  const data = { conversationId, clientId, body: { type: 'text', text } };
  let answer: SocketAck<Ack>;
  try {
    answer = (await socket.timeout(ackMs).emitWithAck('message.send', data)) as SocketAck<Ack>;
  } catch (error) {
    throw new OfflineError(error);
  }
  if (!answer.ok) throw RefusedError.from(answer.error);
  return answer.data;
}
