import { afterEach, describe, expect, it } from '@jest/globals';
import { newId, type ClientEventData, type ConversationEvent, type EventOf } from '#contracts';
import { newCounters } from './counters.js';
import { digestOf } from './digest.js';
import { RefusedError } from './errors.js';
import { Logs } from './logs.js';
import type { Draft } from './outbox.js';
import { MemoryStore } from './store.js';
import { Sync, type Ask } from './sync.js';

const me = newId();
const connected: Sync[] = [];

afterEach(() => {
  for (const sync of connected.splice(0)) sync.onDisconnect();
});

/** A service of logs: positions are counts of all events, an epoch is a name. */
class FakeService {
  epoch = 'one';
  log: { conversationId: string; event: ConversationEvent }[] = [];
  /** One for each question to come; undefined where it is answered. */
  refusals: (RefusedError | undefined)[] = [];
  /** Conversations that sync does not speak of. */
  unnamed = new Set<string>();
  asked: string[] = [];

  write(conversationId: string, actorId = newId()): ConversationEvent {
    const seq = this.events(conversationId).length + 1;
    const event = {
      id: newId(),
      seq,
      type: 'message.created',
      actorId,
      clientId: newId(),
      body: { type: 'text', text: `${conversationId} ${seq}` },
    } as unknown as ConversationEvent;
    this.log.push({ conversationId, event });
    return event;
  }

  events(conversationId: string): ConversationEvent[] {
    return this.log.filter((row) => row.conversationId === conversationId).map(({ event }) => event);
  }

  push(event: ConversationEvent, conversationId = 'c') {
    return {
      conversationId,
      prevSeq: event.seq - 1,
      events: [event],
      position: `${this.epoch}:${this.log.length}`,
    };
  }

  readonly answer: Ask = async (name, data) => {
    this.asked.push(name);
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
    const handlers: Record<string, (data: never) => unknown> = {
      sync: (request: ClientEventData<'sync'>) => this.sync(request),
      'events.pull': ({ conversationId, after, limit = 500 }: ClientEventData<'events.pull'>) => {
        const rest = this.events(conversationId).slice(after);
        return {
          events: rest.slice(0, limit),
          floorSeq: 0,
          headSeq: after + rest.length,
          more: rest.length > limit,
        };
      },
      'events.digest': ({ conversationId, fromSeq, toSeq }: ClientEventData<'events.digest'>) => {
        const events = this.events(conversationId).slice(fromSeq - 1, toSeq);
        return { digest: digestOf(events), count: events.length };
      },
      'position.stored': () => ({}),
    };
    return handlers[name]!(data as never) as never;
  };

  private sync({ since }: ClientEventData<'sync'>) {
    const from = since === undefined ? 0 : Number(since.split(':')[1]);
    const changed = [...new Set(this.log.slice(from).map(({ conversationId }) => conversationId))].filter(
      (id) => !this.unnamed.has(id),
    );
    const conversations = changed.map((id) => {
      const missed = this.log
        .slice(from)
        .filter((row) => row.conversationId === id)
        .map(({ event }) => event);
      const headSeq = this.events(id).length;
      const prevSeq = missed[0]!.seq - 1;
      return {
        id,
        kind: 'group',
        floorSeq: 0,
        headSeq,
        prevSeq,
        events: missed.slice(0, 2),
        more: missed.length > 2,
      };
    });
    return { conversations, position: `${this.epoch}:${this.log.length}`, more: false };
  }
}

async function device(service: FakeService, store = new MemoryStore()) {
  const counters = newCounters();
  const applied: string[] = [];
  const offered: Draft[] = [];
  const broken: unknown[] = [];
  let onSynced: () => void = () => undefined;
  const logs: Logs = new Logs(store, counters, {
    ask: (name, data) => sync.ask(name, data),
    onApplied: (id, _kind, events) => applied.push(...events.map(({ seq }) => `${id}${seq}`)),
    onDropped: () => undefined,
  });
  const sync = new Sync(store, logs, counters, {
    request: service.answer,
    userId: () => me,
    offerAgain: (draft) => Promise.resolve(void offered.push(draft)),
    openDirect: () => Promise.resolve('another'),
    redirect: () => Promise.resolve(),
    onRestored: () => undefined,
    onSynced: () => onSynced(),
    onBroken: (error) => broken.push(error),
  });
  connected.push(sync);
  const stored = await store.open();
  logs.load(stored.logs);
  sync.load(stored.position);
  const connect = async () => {
    const synced = new Promise<void>((resolve) => (onSynced = resolve));
    sync.onReady({ epoch: service.epoch });
    await synced;
    await settled();
  };
  return { sync, logs, store, counters, applied, offered, broken, connect };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const position = async (store: MemoryStore) => (await store.open()).position?.position;

describe('a device that syncs', () => {
  it('reads everything on its first connection, pages of conversations to their end', async () => {
    const service = new FakeService();
    for (let i = 0; i < 5; i += 1) service.write('c');
    const { connect, applied, store, counters } = await device(service);
    await connect();
    expect(applied).toEqual(['c1', 'c2', 'c3', 'c4', 'c5']);
    expect(await position(store)).toBe('one:5');
    expect(counters).toMatchObject({ gapsPulled: 0, duplicatesDropped: 0 });
  });

  it('keeps pushes that arrive while it catches up and applies each event once', async () => {
    const service = new FakeService();
    service.write('c');
    const { sync, connect, applied, store } = await device(service);
    const connecting = connect();
    sync.onPush(service.push(service.write('c')));
    sync.onPush(service.push(service.write('c')));
    await connecting;
    expect(applied).toEqual(['c1', 'c2', 'c3']);
    expect(await position(store)).toBe('one:3');
  });

  it('pulls what is missing before a push and never passes the hole', async () => {
    const service = new FakeService();
    service.write('c');
    const { sync, connect, applied, counters } = await device(service);
    await connect();
    service.write('c');
    sync.onPush(service.push(service.write('c')));
    await settled();
    expect(applied).toEqual(['c1', 'c2', 'c3']);
    expect(counters.gapsPulled).toBe(1);
  });

  it('goes on from its stored position after a restart', async () => {
    const service = new FakeService();
    service.write('c');
    const first = await device(service);
    await first.connect();
    service.write('c');
    service.write('d');
    const second = await device(service, first.store);
    await second.connect();
    expect(second.applied).toEqual(['c2', 'd1']);
    expect(second.counters.duplicatesDropped).toBe(0);
  });

  it('stores no position while something is not applied', async () => {
    const service = new FakeService();
    service.write('c');
    const { sync, connect, store, broken } = await device(service);
    await connect();
    service.write('c');
    service.refusals.push(new RefusedError('request.malformed'));
    sync.onPush(service.push(service.write('c')));
    await settled();
    expect(broken).toHaveLength(1);
    expect(await position(store)).toBe('one:1');
    await connect();
    expect(await position(store)).toBe('one:3');
  });

  it('syncs when it is told that it was too slow', async () => {
    const service = new FakeService();
    service.write('c');
    const { sync, connect, applied, store } = await device(service);
    await connect();
    service.write('c');
    sync.onChanged({ conversationId: 'c', headSeq: 2 });
    await settled();
    expect(applied).toEqual(['c1', 'c2']);
    expect(await position(store)).toBe('one:2');
  });

  it('syncs what did not fit into its waiting room', async () => {
    const service = new FakeService();
    const { sync, connect, applied, counters } = await device(service);
    const connecting = connect();
    const events = Array.from({ length: 6000 }, () => service.write('c'));
    sync.onPush({ conversationId: 'c', prevSeq: 0, events, position: 'one:6000' });
    await connecting;
    await settled();
    expect(applied).toHaveLength(6000);
    expect(counters.overflowed).toBe(1);
  });

  it('meets a restored service: drops what is lost there and offers its own messages again', async () => {
    const service = new FakeService();
    service.write('c');
    const { connect, applied, offered, store, counters } = await device(service);
    const mine = service.write('c', me) as EventOf<'message.created'>;
    service.write('c');
    await connect();
    service.log = service.log.slice(0, 1);
    service.epoch = 'two';
    await connect();
    expect(offered).toMatchObject([{ conversationId: 'c', clientId: mine.clientId }]);
    expect(applied).toEqual(['c1', 'c2', 'c3']);
    expect(await position(store)).toBe('two:1');
    expect(counters).toMatchObject({ resets: 1, digestMismatches: 0 });
  });

  it('asks again where the service is busy', async () => {
    const service = new FakeService();
    service.write('c');
    service.refusals.push(new RefusedError('overloaded', undefined, 1));
    const { connect, applied } = await device(service);
    await connect();
    expect(applied).toEqual(['c1']);
    expect(service.asked).toEqual(['sync', 'sync']);
  });

  it('goes on at once after a reconnect, however long a busy service has asked to wait', async () => {
    const service = new FakeService();
    service.write('c');
    const { connect, sync, applied } = await device(service);
    service.refusals.push(new RefusedError('overloaded', undefined, 60_000));
    sync.onReady({ epoch: service.epoch });
    await settled();
    sync.onDisconnect();
    await connect();
    expect(applied).toEqual(['c1']);
  });

  it('mends a log whose connection was lost in the middle of mending', async () => {
    const service = new FakeService();
    for (let i = 0; i < 3; i += 1) service.write('c');
    const { connect, sync, applied, store, counters } = await device(service);
    await connect();
    await store.write({ conversationId: 'c', kind: 'group', start: 0, cursor: 3 }, [
      { ...service.events('c')[1]!, id: newId() },
    ]);
    service.refusals.push(undefined, new RefusedError('request.malformed'));
    sync.check('c');
    await settled();
    expect(counters.digestMismatches).toBe(1);
    expect((await store.open()).logs).toMatchObject([{ conversationId: 'c', cursor: 3 }]);
    applied.length = 0;
    await connect();
    expect(applied).toEqual(['c1', 'c2', 'c3']);
    expect(await store.read('c', { after: 0, limit: 9 })).toEqual(service.events('c'));
  });

  it('keeps the groups it has left when the service was restored', async () => {
    const service = new FakeService();
    service.write('c');
    service.write('left');
    const { connect, logs } = await device(service);
    await connect();
    service.epoch = 'two';
    service.unnamed.add('left');
    await connect();
    expect(logs.find('left')?.cursor).toBe(1);
    expect(logs.find('c')?.cursor).toBe(1);
  });
});
