import { describe, expect, it } from '@jest/globals';
import { ModelService, type ModelConnection } from '#testing';
import { newCounters } from './counters.js';
import { isPassing, RefusedError } from './errors.js';
import { Logs } from './logs.js';
import { MemoryStore } from './store.js';
import { Sync } from './sync.js';

/** A device on a connection to a service that is younger than itself. */
async function device(service: ModelService, store = new MemoryStore()) {
  const counters = newCounters();
  const applied: string[] = [];
  const faults: unknown[] = [];
  const on: ModelConnection = { phase: 'catching', synced: 0, reset: () => undefined };
  let onSynced = () => {};
  const logs: Logs = new Logs(store, counters, {
    ask: (name, data) => sync.ask(name, data),
    onApplied: (_id, _kind, events) => applied.push(...events.map(({ type, seq }) => `${seq} ${type}`)),
    onDropped: () => undefined,
  });
  const sync: Sync = new Sync(store, logs, counters, {
    request: async (name, data) => service.answer(name, data, on),
    userId: () => undefined,
    offerAgain: () => Promise.resolve(),
    openDirect: () => Promise.resolve('another'),
    redirect: () => Promise.resolve(),
    onRestored: () => undefined,
    onSynced: () => onSynced(),
    onBroken: (error) => faults.push(error),
  });
  const synced = new Promise<void>((resolve) => (onSynced = resolve));
  sync.onReady({ epoch: service.epoch });
  await synced;
  return { sync, logs, store, counters, applied, faults, on };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('against a newer service', () => {
  it('events of unknown types are kept and move the cursor like any other', async () => {
    const service = new ModelService();
    service.write('c');
    service.write('c', { type: 'poll.closed', options: [{ votes: 3 }] });
    const { sync, store, applied, faults, counters, on } = await device(service);
    const event = service.write('c', { type: 'hall.opened' });
    sync.onPush(service.push('c', [event], on));
    await settled();
    expect(applied).toEqual(['1 message.created', '2 poll.closed', '3 hall.opened']);
    expect(await store.read('c', { after: 0, limit: 9 })).toEqual(service.events('c'));
    expect((await store.open()).position?.position).toBe(`${service.epoch}:3`);
    expect(faults).toEqual([]);
    expect(counters).toMatchObject({ gapsPulled: 0, digestMismatches: 0 });
    sync.onDisconnect();
  });

  it('unknown bodies and fields, of events and answers alike, break nothing and are kept', async () => {
    const service = new ModelService();
    service.write('c', { body: { type: 'card', fallback: '[card]', rows: [1] }, importance: 'high' });
    const { sync, store, faults, on } = await device(service);
    const event = service.write('c');
    const push = { ...service.push('c', [event], on), urgency: 1 };
    sync.onPush(push);
    await settled();
    expect(await store.read('c', { after: 0, limit: 9 })).toEqual(service.events('c'));
    expect(faults).toEqual([]);
    sync.onDisconnect();
  });

  it('unknown refusals last, unless they say when to try again', () => {
    const newer = (retryAfterMs?: number) =>
      RefusedError.from({ code: 'message.too_loud' as never, message: 'less please', retryAfterMs });
    expect(isPassing(newer())).toBe(false);
    expect(isPassing(newer(500))).toBe(true);
    expect(newer()).toMatchObject({ code: 'internal', details: { code: 'message.too_loud' } });
  });
});
