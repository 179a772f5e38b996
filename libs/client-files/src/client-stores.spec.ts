import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryStore, type ClientStore, type OutboxItem } from '#client';
import type { ConversationEvent } from '#contracts';
import { FileStore } from './file-store.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chancery-store-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const event = (seq: number, words = `words ${seq}`) =>
  ({
    id: randomUUID(),
    seq,
    type: 'message.created',
    body: { type: 'text', text: words },
  }) as ConversationEvent;
const mark = (start: number, cursor: number, conversationId = 'c') => ({
  conversationId,
  kind: 'group' as const,
  start,
  cursor,
});
const item = (clientId: string, order: number): OutboxItem => ({
  clientId,
  conversationId: 'c',
  body: { type: 'text', text: '你好\n"quoted"' },
  createdAt: 1,
  order,
  state: 'waiting',
});
const seqs = async (store: ClientStore, range: { after?: number; before?: number; limit: number }) =>
  (await store.read('c', range)).map(({ seq }) => seq);

/** A store, and the same one as the next process finds it; what lives in memory has no next process. */
const kinds: [string, () => { store: ClientStore; again: (store: ClientStore) => ClientStore }][] = [
  ['in memory', () => ({ store: new MemoryStore(), again: (store) => store })],
  [
    'in files',
    () => {
      const path = join(folder, randomUUID());
      return { store: new FileStore(path), again: () => new FileStore(path) };
    },
  ],
];

describe.each(kinds)('a store %s', (_name, make) => {
  it('keeps events, marks, position and outbox', async () => {
    const { store, again } = make();
    const events = [1, 2, 3].map((seq) => event(seq));
    await store.open();
    await Promise.all([
      store.write(mark(0, 3), events),
      store.storePosition({ epoch: 'one', position: 'p1' }),
      store.putOutbox(item('k1', 1)),
      store.putOutbox(item('k2', 2)),
      store.removeOutbox('k1'),
    ]);
    const next = again(store);
    expect(await next.open()).toEqual({
      position: { epoch: 'one', position: 'p1' },
      logs: [mark(0, 3)],
      outbox: [item('k2', 2)],
    });
    expect(await next.read('c', { after: 0, limit: 10 })).toEqual(events);
  });

  it('reads stretches from either end, within what is kept', async () => {
    const { store, again } = make();
    await store.write(
      mark(3, 9),
      [4, 5, 6, 7, 8, 9].map((seq) => event(seq)),
    );
    const next = again(store);
    await next.open();
    expect(await seqs(next, { after: 4, limit: 2 })).toEqual([5, 6]);
    expect(await seqs(next, { after: 0, limit: 5 })).toEqual([4, 5]);
    expect(await seqs(next, { before: 7, limit: 2 })).toEqual([5, 6]);
    expect(await seqs(next, { before: 99, limit: 92 })).toEqual([7, 8, 9]);
    expect(await next.read('nothing', { after: 0, limit: 5 })).toEqual([]);
  });

  it('writes over, widens, cuts and drops', async () => {
    const { store, again } = make();
    await store.write(mark(0, 3), [event(1), event(2), event(3)]);
    await store.write(mark(0, 3), [event(2, 'mended')]);
    await store.write(mark(2, 4), [event(4)]);
    expect(await seqs(store, { after: 0, limit: 9 })).toEqual([1, 2, 3, 4]);
    await store.cut(mark(1, 3));
    const next = again(store);
    expect((await next.open()).logs).toEqual([mark(1, 3)]);
    expect(await next.read('c', { after: 1, limit: 1 })).toMatchObject([{ body: { text: 'mended' } }]);
    await next.write(mark(3, 4), [event(4, 'anew')]);
    expect(await seqs(next, { after: 0, limit: 9 })).toEqual([2, 3, 4]);
    await next.drop('c');
    const last = again(next);
    expect((await last.open()).logs).toEqual([]);
    expect(await last.read('c', { after: 0, limit: 9 })).toEqual([]);
  });

  it('forgets everything when it is cleared, and can be used anew', async () => {
    const { store, again } = make();
    await store.write(mark(0, 1), [event(1)]);
    await store.putOutbox(item('k1', 1));
    await store.clear();
    const next = again(store);
    expect(await next.open()).toEqual({ position: undefined, logs: [], outbox: [] });
    await next.putOutbox(item('k2', 1));
    expect((await again(next).open()).outbox).toEqual([item('k2', 1)]);
  });
});

describe('a store in files', () => {
  it('loses nothing and invents nothing wherever a write was cut off', async () => {
    const path = join(folder, 'cut');
    const store = new FileStore(path);
    await store.write(mark(0, 2), [event(1), event(2)]);
    await store.putOutbox(item('k1', 1));
    const whole = await readFile(join(path, 'journal'));
    await store.putOutbox(item('k2', 2));
    const more = await readFile(join(path, 'journal'));
    for (let length = whole.length; length < more.length; length += 1) {
      await writeFile(join(path, 'journal'), more.subarray(0, length));
      const next = new FileStore(path);
      expect((await next.open()).outbox.map(({ clientId }) => clientId)).toEqual(['k1']);
      await next.putOutbox(item('k3', 3));
      const after = await new FileStore(path).open();
      expect(after.outbox.map(({ clientId }) => clientId)).toEqual(['k1', 'k3']);
      expect(after.logs).toEqual([mark(0, 2)]);
    }
  });

  it('counts no events whose mark was not written any more', async () => {
    const path = join(folder, 'half');
    const store = new FileStore(path);
    await store.write(mark(0, 1), [event(1)]);
    const journal = await readFile(join(path, 'journal'));
    await store.write(mark(0, 3), [event(2, 'lost'), event(3)]);
    await writeFile(join(path, 'journal'), journal);
    const [log] = await readdir(join(path, 'logs'));
    await appendFile(join(path, 'logs', log!), 'half a li');
    const next = new FileStore(path);
    expect((await next.open()).logs).toEqual([mark(0, 1)]);
    expect(await seqs(next, { after: 0, limit: 9 })).toEqual([1]);
    await next.write(mark(0, 2), [event(2, 'found')]);
    expect(await new FileStore(path).open().then(() => next.read('c', { after: 1, limit: 9 }))).toMatchObject(
      [{ body: { text: 'found' } }],
    );
  });

  it('does not grow without end', async () => {
    const path = join(folder, 'growing');
    const store = new FileStore(path);
    await store.putOutbox(item('k1', 1));
    const writes = Array.from({ length: 10_100 }, (_, i) => ({ epoch: 'e', position: `p${i}` }));
    for (const position of writes) await store.storePosition(position);
    expect((await readFile(join(path, 'journal'), 'utf8')).split('\n').length).toBeLessThan(1000);
    expect(await new FileStore(path).open()).toMatchObject({
      position: { position: 'p10099' },
      outbox: [{ clientId: 'k1' }],
    });
  }, 120_000);

  it('makes no path of an id', async () => {
    const path = join(folder, 'ids');
    const store = new FileStore(path);
    await store.write(mark(0, 1, '../../escaped'), [event(1)]);
    expect(await readdir(join(path, 'logs'))).toEqual(['%2E%2E%2F%2E%2E%2Fescaped.log']);
  });
});
