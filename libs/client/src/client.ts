import {
  newId,
  type FactorProof,
  type Ack,
  type ConversationEvent,
  type ConversationKind,
  type Me,
  type MessageBody,
  type PresenceState,
  type ServerEventData,
} from '#contracts';
import { Connection, type ConnectionState } from './connection.js';
import { newCounters, type Counters } from './counters.js';
import { Emitter } from './emitter.js';
import { History, type HistoryPage, type HistoryRange } from './history.js';
import { Http, type Answer, type Call, type CallName } from './http.js';
import type { NewsName, Transport } from './link.js';
import { Logs } from './logs.js';
import { Outbox, type Draft } from './outbox.js';
import { PresenceWatch } from './presence.js';
import { ReadMarks } from './read-marks.js';
import { Session, type SessionOptions, type SignInForm } from './session.js';
import { MemoryStore, type ClientStore, type OutboxItem, type StoredState } from './store.js';
import { Sync } from './sync.js';
import { upload, type Content, type UploadOptions } from './upload.js';

/** A person who types is told of once in this time. */
const typingMs = 3000;

export interface ClientOptions extends Partial<SessionOptions> {
  /** Origin of the service, such as `https://im.example.gov`; in a page its own may be left out. */
  baseUrl?: string;
  /** What is kept of a person; by default for as long as the process lives. */
  store?: (user: Me) => ClientStore | Promise<ClientStore>;
  /** Kept by the device across sessions. */
  deviceId?: string;
  client?: { name: string; version: string };
  /** Of a conversation new to the device only so many of the newest events; all where undefined. */
  window?: number;
}

export interface ClientEvents {
  state: ConnectionState;
  /** Everything up to the moment of the connection is here. */
  synced: undefined;
  /** Were applied and stored: each once, in the order of its conversation. */
  events: { conversationId: string; kind: ConversationKind | null; events: ConversationEvent[] };
  /** What was told above a seq is not true any more: what is shown of it is to be read again. What is true is told. */
  reset: { conversationId: string; aboveSeq: number };
  /** Messages of this conversation that are under way have changed. */
  outbox: { conversationId: string };
  read: ServerEventData<'read.changed'>;
  typing: ServerEventData<'typing'>;
  presence: { personId: string; state: PresenceState };
  /** The service has ended the session, and why. */
  ended: ServerEventData<'session.ended'>;
  /** Something unexpected that was mended by another connection; for logs. */
  fault: unknown;
}

/** A person's device: one session, one connection, everything of theirs in order. */
export class Client {
  readonly http: Http;
  readonly session: Session;
  readonly counters: Counters = newCounters();
  private readonly emitter = new Emitter<ClientEvents>();
  private readonly connection: Connection;
  private readonly reads: ReadMarks;
  private readonly presence: PresenceWatch;
  private readonly typed = new Map<string, number>();
  /** Tells an opening that was overtaken while the store was read. */
  private openings = 0;
  private parts:
    { user: Me; store: ClientStore; logs: Logs; outbox: Outbox; sync: Sync; history: History } | undefined;

  constructor(private readonly options: ClientOptions = {}) {
    const baseUrl = (options.baseUrl ?? '').replace(/\/$/, '');
    this.http = new Http(baseUrl);
    const sessionOptions = { platform: 'node' as const, ...options };
    this.session = new Session(this.http, sessionOptions, () => this.connection.stop('ended'));
    const { deviceId = newId(), client = { name: 'chancery-sdk', version: '1' } } = options;
    this.connection = new Connection(
      this.session,
      this.http,
      { baseUrl, deviceId, client },
      {
        onState: (state) => this.onState(state),
        onReady: (ready) => this.onReady(ready),
        onNews: (name, data) => this.onNews(name, data),
      },
    );
    this.reads = new ReadMarks((conversationId, seq) =>
      this.connection.request('read.mark', { conversationId, seq }),
    );
    this.presence = new PresenceWatch(
      (name, data) => this.connection.request(name, data),
      (personId, state) => this.emitter.emit('presence', { personId, state }),
    );
  }

  /** @returns ends the subscription */
  on<N extends keyof ClientEvents>(name: N, listener: (data: ClientEvents[N]) => void): () => void {
    return this.emitter.on(name, listener);
  }

  get state(): ConnectionState {
    return this.connection.state;
  }

  /** How the service is reached; undefined while it is not. */
  get transport(): Transport | undefined {
    return this.connection.transport;
  }

  /** Whose device this is, with or without a network. */
  get user(): Me | undefined {
    return this.parts?.user ?? this.session.user;
  }

  /** Signs in and connects. Throws the refusals of `POST /auth/login`. */
  async signIn(form: SignInForm): Promise<Me> {
    const user = await this.session.signIn(form);
    await this.open(user);
    return user;
  }

  /** Continues a sign-in that was answered with `auth.second_factor_required`, and connects. */
  async finishSignIn(pending: string, proof: FactorProof): Promise<Me> {
    const user = await this.session.finishSignIn(pending, proof);
    await this.open(user);
    return user;
  }

  /** Goes on with the session of last time. Throws RefusedError `auth.session_ended` where there is none. */
  async resume(): Promise<Me> {
    const user = await this.session.resume();
    await this.open(user);
    return user;
  }

  /** What is stored of somebody, and a connection as soon as there is a network. */
  async open(user: Me): Promise<void> {
    this.close();
    const { openings } = this;
    const store = (await this.options.store?.(user)) ?? new MemoryStore();
    const stored = await store.open();
    if (openings !== this.openings) return;
    const logs: Logs = new Logs(store, this.counters, {
      ask: (name, data) => sync.ask(name, data),
      onApplied: (conversationId, kind, events) => this.onApplied(conversationId, kind, events),
      onDropped: (conversationId, aboveSeq) => this.emitter.emit('reset', { conversationId, aboveSeq }),
    });
    const outbox = new Outbox(store, {
      send: ({ conversationId, clientId, body, replyTo }) =>
        this.connection.request('message.send', {
          conversationId,
          clientId,
          body,
          ...(replyTo && { replyTo }),
        }),
      isApplied: (conversationId, seq) => (logs.find(conversationId)?.cursor ?? 0) >= seq,
      onChange: (conversationId) => this.emitter.emit('outbox', { conversationId }),
      onFault: (error) => this.emitter.emit('fault', error),
    });
    const hooks = {
      request: this.connection.request.bind(this.connection),
      userId: () => user.id,
      offerAgain: outbox.offerAgain.bind(outbox),
      redirect: outbox.redirect.bind(outbox),
      openDirect: async (peerId: string) =>
        (await this.call('createConversation', { body: { kind: 'direct', memberIds: [peerId] } })).id,
      onRestored: () =>
        void outbox.offerUnseen().catch((error: unknown) => this.emitter.emit('fault', error)),
      onSynced: () => this.onSynced(),
      onBroken: (error: unknown) => this.onBroken(error),
    };
    const sync = new Sync(store, logs, this.counters, hooks, this.options.window);
    logs.load(stored.logs);
    outbox.load(stored.outbox);
    outbox
      .takeOver(this.carriedOver(user, stored))
      .catch((error: unknown) => this.emitter.emit('fault', error));
    sync.load(stored.position);
    this.parts = { user, store, logs, outbox, sync, history: new History(this.http, store, logs) };
    this.connection.start();
  }

  /** Ends the session and forgets everything that was kept of this person. */
  async signOut(): Promise<void> {
    this.openings += 1;
    this.connection.stop('ended');
    try {
      await this.session.signOut();
    } finally {
      await this.parts?.store.clear();
      this.parts = undefined;
    }
  }

  /** Rests: nothing is sent or received until `wake` or another `open`; what is kept stays. */
  close(): void {
    this.openings += 1;
    this.connection.stop();
  }

  /** The network may be back: tries now instead of later. */
  wake(): void {
    this.connection.wake();
  }

  /** The network has changed: gives this connection up and opens another one. */
  reconnect(): void {
    this.connection.changeNetwork();
  }

  /** Any call of the HTTP API by its name. */
  call<N extends CallName>(name: N, parts: Call<N>): Promise<Answer<N>> {
    return this.http.call(name, parts);
  }

  /** The caller's conversations, latest message first. */
  conversations(query: { cursor?: string; limit?: number } = {}): Promise<Answer<'conversations'>> {
    return this.call('conversations', { query });
  }

  /** Resolves once the message cannot be lost here any more. Throws what can be refused at once. */
  send(
    conversationId: string,
    body: MessageBody,
    more: Pick<Draft, 'replyTo' | 'file' | 'clientId'> = {},
  ): Promise<OutboxItem> {
    return this.opened.outbox.add({ conversationId, body, ...more });
  }

  /** Sends and waits until the service has it. Throws what it was refused with for good. */
  deliver(conversationId: string, body: MessageBody, clientId = newId()): Promise<Ack> {
    return this.opened.outbox.deliver({ conversationId, body, clientId });
  }

  /** Messages on their way, in the order of writing. */
  outbox(conversationId?: string): OutboxItem[] {
    return this.parts?.outbox.items(conversationId) ?? [];
  }

  retry(clientId: string): Promise<void> {
    return this.opened.outbox.retry(clientId);
  }

  discard(clientId: string): Promise<boolean> {
    return this.opened.outbox.discard(clientId);
  }

  /** A stretch of a log, from here where it is kept, else from the service. */
  history(conversationId: string, range: HistoryRange): Promise<HistoryPage> {
    return this.opened.history.read(conversationId, range);
  }

  /** Everything of this conversation up to here is kept and was told by `events`. */
  cursor(conversationId: string): number {
    return this.parts?.logs.find(conversationId)?.cursor ?? 0;
  }

  /** Compares what is kept with the service, event by event, and mends it. */
  check(conversationId: string): void {
    this.parts?.sync.check(conversationId);
  }

  markRead(conversationId: string, seq: number): void {
    this.reads.mark(conversationId, seq);
  }

  /** May be called with every key. */
  typing(conversationId: string): void {
    const now = Date.now();
    if (now - (this.typed.get(conversationId) ?? 0) < typingMs) return;
    this.typed.set(conversationId, now);
    this.connection.emitVolatile('typing', { conversationId });
  }

  watchPresence(personIds: readonly string[]): void {
    this.presence.watch(personIds);
  }

  /** @returns the id of the finished file, to be sent as a body of type `file` */
  upload(content: Content, options: UploadOptions): Promise<string> {
    return upload(this.http.address('/files'), this.session, content, options);
  }

  /** Messages that were given to `send` before, and were not stored yet when the store was read. */
  private carriedOver(user: Me, { outbox }: StoredState): OutboxItem[] {
    if (this.user?.id !== user.id) return [];
    const stored = new Set(outbox.map(({ clientId }) => clientId));
    return this.outbox().filter(({ state, clientId }) => state === 'waiting' && !stored.has(clientId));
  }

  private get opened() {
    if (!this.parts) throw new Error('nobody is signed in');
    return this.parts;
  }

  private onState(state: ConnectionState): void {
    if (state !== 'live') {
      this.parts?.sync.onDisconnect();
      this.parts?.outbox.setOnline(false);
    }
    this.emitter.emit('state', state);
  }

  private onReady(ready: { epoch: string }): void {
    this.parts?.sync.onReady(ready);
    this.parts?.outbox.setOnline(true);
    void this.reads.flush();
    void this.presence.renew();
  }

  private onNews<N extends NewsName>(name: N, data: ServerEventData<N>): void {
    const sync = this.parts?.sync;
    const handlers: { [E in NewsName]: (data: ServerEventData<E>) => void } = {
      'session.ended': (ended) => this.emitter.emit('ended', ended),
      'sync.reset': (reset) => sync?.onReset(reset),
      'conversation.changed': (changed) => sync?.onChanged(changed),
      events: (push) => sync?.onPush(push),
      'read.changed': (read) => this.emitter.emit('read', read),
      'presence.changed': (presence) => this.emitter.emit('presence', presence),
      typing: (typing) => this.emitter.emit('typing', typing),
    };
    handlers[name](data);
  }

  private onApplied(
    conversationId: string,
    kind: ConversationKind | null,
    events: ConversationEvent[],
  ): void {
    this.parts?.outbox.settle(conversationId, events.at(-1)!.seq);
    this.emitter.emit('events', { conversationId, kind, events });
    for (const event of events) {
      if (event.type !== 'account.read' || !this.user) continue;
      this.emitter.emit('read', {
        conversationId: event.conversationId,
        personId: this.user.id,
        seq: event.readSeq,
      });
    }
  }

  private onSynced(): void {
    this.connection.settle();
    this.emitter.emit('synced', undefined);
  }

  private onBroken(error: unknown): void {
    this.emitter.emit('fault', error);
    this.connection.restart();
  }
}
