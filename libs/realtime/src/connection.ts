import type { EventEmitter } from 'node:events';
import type { Socket as NetSocket } from 'node:net';
import type { Socket } from 'socket.io';
import type { ServerEventData, ServerEventName } from '#contracts';
import type { PersonPrincipal } from '#platform';
import type { AddressedEvents, SaidPosition } from './deliveries.js';
import type { Frame } from './frame.js';
import type { Receiver } from './receiver.js';

/** Frames, and bytes, that may wait for a socket that does not read. Beyond either it must pull. */
const framesWaiting = 256;
const bytesWaiting = 1024 * 1024;
/** News that a slow socket is told of at once when it reads again. */
const newsAtOnce = 100;

/**
 * catching: everything new is sent, but what was missed before is not complete, so no position is said.
 * live: everything up to the position said last was sent.
 * pulling: the socket does not keep up; it hears which conversations have news, and asks for them itself.
 */
type Phase = 'catching' | 'live' | 'pulling';

/** What tells how far a socket is behind, takes frames as they are, and stops listening; engine.io does not type it. */
interface EngineSocket {
  write(packet: string, options: Frame['options']): void;
  flush(): void;
  writeBuffer: unknown[];
  transport: {
    writable: boolean;
    socket?: { bufferedAmount: number; pause(): void; resume(): void };
  };
}

/** One socket of a signed-in person, and what it was sent. */
export class Connection implements Receiver {
  private phase: Phase = 'catching';
  /** Where the last complete `sync` ended; what lies at or below was part of it. */
  private synced = 0;
  /** What a pulling socket must still hear of: conversation → head. */
  private news: Map<string, number> | undefined;
  private readonly tcp: NetSocket;
  private isListening = true;
  /** Bytes, about, of what engine.io has not handed to the web socket yet. */
  private queuedBytes = 0;
  watched: ReadonlySet<string> = nobody;

  constructor(
    readonly principal: PersonPrincipal,
    private readonly socket: Socket,
  ) {
    this.tcp = socket.conn.request.socket;
    forgetHandshake(socket);
    const { tcp } = this;
    socket.conn.on('packetCreate', ({ data }: { data?: string }) => {
      this.queuedBytes += data?.length ?? 0;
      holdBack(this.engine);
    });
    // What is written in one go leaves in one piece: a system call for many frames, not one for each.
    socket.conn.on('flush', () => {
      this.queuedBytes = 0;
      tcp.cork();
      process.nextTick(() => tcp.uncork());
    });
  }

  get personId(): string {
    return this.principal.id;
  }

  get isOpen(): boolean {
    return this.socket.connected;
  }

  send<N extends ServerEventName>(name: N, data: ServerEventData<N>): void {
    this.socket.emit(name, data);
  }

  /** Dropped where the socket is busy: for what is old news a moment later. */
  sendVolatile<N extends ServerEventName>(name: N, data: ServerEventData<N>): void {
    if (!this.isSlow()) this.socket.volatile.emit(name, data);
  }

  /**
   * @param joinedSeq nothing before it is sent
   * @param position said only where it is true, and greater than what was said before
   */
  sendEvents(events: AddressedEvents, joinedSeq: number, position: SaidPosition | undefined): void {
    if (this.phase !== 'pulling' && this.isSlow()) this.beginPulling();
    if (this.phase === 'pulling') {
      this.note(events.conversationId, events.headSeq);
      return;
    }
    const isTrue = position !== undefined && this.phase === 'live' && position.pos > this.synced;
    const { packet, options } = events.frame(joinedSeq, isTrue ? position.text : undefined);
    this.engine.write(packet, options);
  }

  /** A page of `sync` is about to be read: from here on everything new is sent again. */
  beginCatchingUp(): void {
    if (this.phase !== 'pulling') return;
    this.phase = 'catching';
    this.news = undefined;
  }

  /** The last page was answered, up to this position, and nothing was held back since it was read. */
  endCatchingUp(pos: number): void {
    if (this.phase === 'pulling') return;
    this.phase = 'live';
    this.synced = pos;
  }

  /** Bytes that wait for the socket to take them. */
  get waitingBytes(): number {
    return this.queuedBytes + (this.engine.transport.socket?.bufferedAmount ?? 0);
  }

  get isPulling(): boolean {
    return this.phase === 'pulling';
  }

  /** Whoever asks and does not read the answers is not listened to until they have read. */
  restWhileSlow(): void {
    const { socket: web } = this.engine.transport;
    if (!this.isListening || !web || !this.isSlow()) return;
    this.isListening = false;
    web.pause();
    this.tcp.once('drain', () => {
      this.isListening = true;
      web.resume();
    });
  }

  close(): void {
    this.socket.disconnect(true);
  }

  private beginPulling(): void {
    this.phase = 'pulling';
    this.socket.conn.on('drain', this.tellNews);
  }

  private note(conversationId: string, headSeq: number): void {
    // What is known of a conversation is only its head, so this is bounded by the person's conversations.
    this.news ??= new Map();
    this.news.set(conversationId, headSeq);
    this.tellNews();
  }

  private readonly tellNews = (): void => {
    if (this.phase !== 'pulling') {
      this.socket.conn.off('drain', this.tellNews);
      return;
    }
    let left = newsAtOnce;
    for (const [conversationId, headSeq] of this.news ?? []) {
      if (left-- === 0 || this.isSlow()) return;
      this.news!.delete(conversationId);
      this.send('conversation.changed', { conversationId, headSeq });
    }
  };

  private get engine(): EngineSocket {
    return this.socket.conn as unknown as EngineSocket;
  }

  private isSlow(): boolean {
    return this.engine.writeBuffer.length > framesWaiting || this.waitingBytes > bytesWaiting;
  }
}

const nobody: ReadonlySet<string> = new Set();

/** Sockets that write at the end of this turn of the event loop. */
let heldBack: EngineSocket[] = [];

/** An answer and the news that follows it are frames of one turn: they wait for its end, and leave together. */
function holdBack(engine: EngineSocket): void {
  // Where a write is under way, what comes meanwhile leaves with the next one in any case.
  if (!engine.transport.writable) return;
  engine.transport.writable = false;
  if (heldBack.length === 0) setImmediate(writeHeldBack);
  heldBack.push(engine);
}

function writeHeldBack(): void {
  const sockets = heldBack;
  heldBack = [];
  for (const engine of sockets) {
    engine.transport.writable = true;
    engine.flush();
  }
}

/** The request and its headers were needed to come in; kept, they are a good part of what an idle connection costs. */
function forgetHandshake(socket: Socket): void {
  const kept = socket as unknown as {
    handshake: unknown;
    conn: { request: unknown; transport: { socket?: EventEmitter } };
  };
  kept.handshake = undefined;
  kept.conn.request = undefined;
  // This listener of engine.io is of no use after the upgrade, and holds the request.
  const web = kept.conn.transport.socket;
  for (const listener of web?.listeners('error') ?? []) {
    if (listener.name === 'onUpgradeError') web!.off('error', listener as () => void);
  }
  // Nothing is ever sent to rooms of socket.io, and each socket has one of its own.
  void socket.leave(socket.id);
}
