import { isPassing, MemoryStore, RefusedError, type Client, type ClientOptions } from '#client';
import { newId, type Ack, type EventPage, type Me, type ServerEventData, type SyncAnswer } from '#contracts';
import { seen, type DeviceRecord, type Entry } from '../history.js';
import type { Random } from '../random.js';
import { RecordedStore } from './recorded-store.js';

export type ClientClass = new (options: ClientOptions) => Client;

export interface SdkDeviceOptions {
  ClientClass: ClientClass;
  name: string;
  me: Me;
  baseUrl: string;
  token: string;
  random: Random;
  /** What its clock is wrong by. */
  skewMs: number;
  /** Milliseconds of the run. */
  now: () => number;
}

/** A device with the SDK of the product, and everything that goes in and out of it on tape. */
export class SdkDevice {
  readonly record: DeviceRecord;
  private readonly kept = new MemoryStore();
  private store: RecordedStore;
  private client: Client;
  private opened: Promise<void>;
  private isResting = false;

  constructor(private readonly options: SdkDeviceOptions) {
    const { name, me } = options;
    this.record = { name, personId: me.id, kind: 'sdk', sends: [], answers: [], tape: [], timelines: [] };
  }

  /** Starts its program on what is kept. */
  open(): Promise<void> {
    const { ClientClass, baseUrl, token, random } = this.options;
    this.store = new RecordedStore(this.kept, this.record.tape, random);
    const { store } = this;
    this.client = new ClientClass({ platform: 'node', baseUrl, fixedToken: token, store: () => store });
    this.listen(this.client);
    return this.start();
  }

  /** Its program is killed and started again. */
  crash(): Promise<void> {
    this.store.die();
    this.client.close();
    return this.open();
  }

  /** Nothing more until `wakeUp`, or until its program is started again. */
  close(): void {
    this.isResting = true;
    this.client.close();
  }

  async wakeUp(): Promise<void> {
    if (this.isResting) await this.start();
  }

  reconnect(): void {
    this.client.reconnect();
  }

  /** Tries now where it waits to try again. */
  hurry(): void {
    if (this.client.state === 'offline') this.client.wake();
  }

  /** Resolves when it is kept, or its program was killed before. */
  async send(conversationId: string, text: string): Promise<void> {
    for (let opened; opened !== this.opened; await opened) ({ opened } = this);
    const { store } = this;
    const clientId = newId(Date.now() + this.options.skewMs);
    const send = { clientId, conversationId, text, at: this.options.now(), isKept: false };
    this.record.sends.push(send);
    const kept = this.client.send(conversationId, { type: 'text', text }, { clientId });
    send.isKept = await Promise.race([kept.then(() => true), store.died.then(() => false)]);
  }

  get isLive(): boolean {
    return this.client.state === 'live';
  }

  /** Messages that are not answered yet. */
  get waiting(): number {
    return this.client.outbox().filter(({ state }) => state === 'waiting').length;
  }

  cursor(conversationId: string): number {
    return this.client.cursor(conversationId);
  }

  /** Writes down what is kept, in the end. */
  async finish(): Promise<void> {
    const { logs } = await this.kept.open();
    for (const { conversationId, start, cursor } of logs) {
      const events = await this.kept.read(conversationId, { after: start, limit: cursor - start });
      this.record.timelines.push({ conversationId, start, cursor, events: events.map(seen) });
    }
  }

  private start(): Promise<void> {
    this.isResting = false;
    this.record.tape.push({ what: 'opened' });
    this.opened = this.client.open(this.options.me);
    return this.opened;
  }

  private listen(client: Client): void {
    // A program that was killed says nothing more.
    const note = (entry: Entry) => {
      if (this.client === client) this.record.tape.push(entry);
    };
    client.on('events', ({ conversationId, events }) =>
      note({ what: 'applied', conversationId, events: events.map(seen) }),
    );
    client.on('reset', ({ conversationId }) => note({ what: 'reset', conversationId }));
    client.on('state', (state) => {
      // What comes before the service says it is ready already belongs to the new connection.
      if (state === 'connecting') note({ what: 'connecting' });
      else if (state !== 'live') note({ what: 'closed' });
    });
    this.tap(client, note);
  }

  /** Between the socket and everything above it: what came, and what was answered. */
  private tap(client: Client, note: (entry: Entry) => void): void {
    const connection = client['connection'];
    const hooks = connection['hooks'];
    const onReady = hooks.onReady.bind(hooks);
    hooks.onReady = (ready) => {
      note({ what: 'ready' });
      onReady(ready);
    };
    const onNews = hooks.onNews.bind(hooks);
    hooks.onNews = (name, data) => {
      // A socket that is tried beside the requests speaks before it takes over: nobody can tell the two apart.
      if (connection['probe']) note({ what: 'ready' });
      const isPolled = connection['kind'] === 'polling';
      if (name === 'events') note(push(data as ServerEventData<'events'>, isPolled));
      if (name === 'conversation.changed') {
        note({ what: 'changed', ...(data as ServerEventData<'conversation.changed'>) });
      }
      onNews(name, data);
    };
    const request = connection.request.bind(connection);
    connection.request = async (name, data) => {
      try {
        const answer = await request(name, data);
        if (name === 'message.send') this.onAck(data as SentData, answer as Ack);
        else if (name === 'sync') note(synced(answer as SyncAnswer));
        else if (name === 'events.pull')
          note(pulled(data as { conversationId: string }, answer as EventPage));
        return answer;
      } catch (error) {
        if (name === 'message.send') this.onRefusal(data as SentData, error);
        throw error;
      }
    };
  }

  private onAck({ clientId }: SentData, ack: Ack): void {
    this.record.answers.push({ clientId, ack, via: 'socket' });
  }

  /** The class may be that of another build, so it is known by its name. */
  private onRefusal({ clientId }: SentData, error: unknown): void {
    if (!(error instanceof Error) || error.name !== 'RefusedError') return;
    const { code, details, retryAfterMs } = error as RefusedError;
    const isLasting = !isPassing(new RefusedError(code, details, retryAfterMs));
    this.record.answers.push({ clientId, refusal: code, isLasting, via: 'socket' });
  }
}

interface SentData {
  clientId: string;
}

const push = (
  { conversationId, prevSeq, events, position }: ServerEventData<'events'>,
  isPolled: boolean,
): Entry => ({
  what: 'push',
  isPolled,
  conversationId,
  prevSeq,
  events: events.map(seen),
  position,
});

const synced = ({ conversations, position }: SyncAnswer): Entry => ({
  what: 'synced',
  conversations: conversations.map(({ id, floorSeq, headSeq, prevSeq, events }) => ({
    conversationId: id,
    floorSeq,
    headSeq,
    prevSeq,
    events: events.map(seen),
  })),
  position,
});

const pulled = (
  { conversationId }: { conversationId: string },
  { events, floorSeq, headSeq }: EventPage,
): Entry => ({ what: 'pulled', conversationId, events: events.map(seen), floorSeq, headSeq });
