import { describe, expect, it } from '@jest/globals';
import type { Ack, ErrorAnswer, ErrorCode } from '#contracts';
import { OfflineError, RefusedError } from './errors.js';
import { Outbox } from './outbox.js';
import { MemoryStore, type OutboxItem } from './store.js';

const text = (value: string) => ({ type: 'text' as const, text: value });

/** A service that answers as it is told, and an outbox that never really waits. */
function world(store = new MemoryStore()) {
  const received: { clientId: string; text: string }[] = [];
  const answers: ((item: OutboxItem) => Ack | Error)[] = [];
  const waits: number[] = [];
  const idle = Promise.withResolvers<void>();
  let seq = 0;
  const accept = ({ conversationId }: OutboxItem): Ack => {
    seq += 1;
    return { conversationId, messageId: `m${seq}`, seq, committedAt: '2026-01-01T00:00:00.000Z' };
  };
  const faults: unknown[] = [];
  const outbox: Outbox = new Outbox(store, {
    send: (item) => {
      received.push({ clientId: item.clientId, text: item.body.type === 'text' ? item.body.text : '' });
      const answer = (answers.shift() ?? accept)(item);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    isApplied: () => false,
    onChange: () => outbox.items().every(({ state }) => state !== 'waiting') && idle.resolve(),
    onFault: (error) => faults.push(error),
    wait: (ms) => Promise.resolve(void waits.push(ms)),
  });
  const refuse = (code: ErrorCode, retryAfterMs?: number) => () =>
    new RefusedError(code, undefined, retryAfterMs);
  const texts = () => received.map((one) => one.text);
  return { outbox, store, received, answers, waits, texts, refuse, idle: idle.promise, faults };
}

describe('the outbox', () => {
  it('keeps what is written offline and sends it in order once there is a connection', async () => {
    const { outbox, texts, idle } = world();
    for (const word of ['一', '二', '三']) await outbox.add({ conversationId: 'c', body: text(word) });
    expect(texts()).toEqual([]);
    outbox.setOnline(true);
    await idle;
    expect(texts()).toEqual(['一', '二', '三']);
  });

  it('sends again under the same clientId when no answer came', async () => {
    const { outbox, answers, received } = world();
    answers.push(() => new OfflineError());
    outbox.setOnline(true);
    await outbox.deliver({ conversationId: 'c', clientId: 'k1', body: text('你好') });
    expect(received.map(({ clientId }) => clientId)).toEqual(['k1', 'k1']);
  });

  it('waits as long as a busy service asks, and lets nothing of the conversation overtake', async () => {
    const { outbox, answers, waits, texts, refuse } = world();
    answers.push(refuse('overloaded', 250), refuse('rate.limited', 4000));
    outbox.setOnline(true);
    await Promise.all([
      outbox.deliver({ conversationId: 'c', clientId: 'k1', body: text('first') }),
      outbox.deliver({ conversationId: 'c', clientId: 'k2', body: text('second') }),
    ]);
    expect(texts()).toEqual(['first', 'first', 'first', 'second']);
    expect(waits[0]).toBeGreaterThanOrEqual(250);
    expect(waits[1]).toBeGreaterThanOrEqual(4000);
  });

  it('shows a message that is refused for good as failed, and goes on with the next', async () => {
    const { outbox, answers, refuse } = world();
    answers.push(refuse('conversation.dissolved'));
    outbox.setOnline(true);
    await expect(
      outbox.deliver({ conversationId: 'c', clientId: 'k1', body: text('late') }),
    ).rejects.toMatchObject({ code: 'conversation.dissolved' });
    await outbox.deliver({ conversationId: 'c', clientId: 'k2', body: text('next') });
    expect(outbox.items('c')).toMatchObject([
      { clientId: 'k1', state: 'failed', reason: { code: 'conversation.dissolved' } },
      { clientId: 'k2', state: 'sent' },
    ]);
  });

  it('sends a failed message again when asked to, behind the others, or forgets it', async () => {
    const { outbox, store, answers, refuse, idle } = world();
    answers.push(refuse('file.not_ready'), refuse('file.not_ready'));
    await outbox.add({ conversationId: 'c', clientId: 'k1', body: text('a') });
    await outbox.add({ conversationId: 'c', clientId: 'k2', body: text('b') });
    outbox.setOnline(true);
    await idle;
    await outbox.retry('k1');
    await expect(outbox.discard('k2')).resolves.toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(outbox.items()).toMatchObject([{ clientId: 'k1', state: 'sent' }]);
    expect((await store.open()).outbox).toEqual([]);
  });

  it('survives the end of the process and forgets a message only after its seq is known', async () => {
    const first = world();
    await first.outbox.add({ conversationId: 'c', clientId: 'k1', body: text('kept') });
    const second = world(first.store);
    second.outbox.load((await first.store.open()).outbox);
    second.outbox.setOnline(true);
    await second.idle;
    expect(second.received).toEqual([{ clientId: 'k1', text: 'kept' }]);
    expect((await first.store.open()).outbox).toEqual([]);
  });

  it('shows a sent message until its event has come back', async () => {
    const { outbox } = world();
    outbox.setOnline(true);
    const ack = await outbox.deliver({ conversationId: 'c', clientId: 'k1', body: text('x') });
    expect(outbox.items('c')).toMatchObject([{ state: 'sent', seq: ack.seq }]);
    outbox.settle('c', ack.seq);
    expect(outbox.items('c')).toEqual([]);
  });

  it('refuses at once what the service would refuse', async () => {
    const { outbox } = world();
    const long = { conversationId: 'c', body: text('文'.repeat(5462)) };
    await expect(outbox.add(long)).rejects.toMatchObject({
      code: 'message.too_long',
      details: { bytes: 16_386 },
    });
    await expect(outbox.add({ conversationId: 'c', body: text(' \n') })).rejects.toMatchObject({
      code: 'message.empty',
    });
    await expect(outbox.add({ conversationId: 'c', body: text('\0'.repeat(16_000)) })).rejects.toMatchObject({
      code: 'request.too_large',
    });
    expect(outbox.items()).toEqual([]);
  });

  it('tries a fault of the service a few times, then asks the writer', async () => {
    const { outbox, answers, refuse, received } = world();
    for (let i = 0; i < 20; i += 1) answers.push(refuse('internal'));
    outbox.setOnline(true);
    const sending = outbox.deliver({ conversationId: 'c', clientId: 'k1', body: text('x') });
    await expect(sending).rejects.toMatchObject({ code: 'internal' });
    expect(received).toHaveLength(8);
  });

  it('sends what is written at the very moment the one before is done with', async () => {
    for (let ticks = 0; ticks < 30; ticks += 1) {
      const { outbox, idle } = world();
      outbox.setOnline(true);
      await outbox.deliver({ conversationId: 'c', clientId: 'k1', body: text('first') });
      for (let i = 0; i < ticks; i += 1) await Promise.resolve();
      await outbox.deliver({ conversationId: 'c', clientId: 'k2', body: text('second') });
      await idle;
    }
  });

  it('shows a message as failed that a newer service refuses in words not known here', async () => {
    const { outbox, answers } = world();
    const newer = { code: 'message.too_loud', message: 'LESS PLEASE' } as unknown as ErrorAnswer['error'];
    answers.push(() => RefusedError.from(newer));
    outbox.setOnline(true);
    const sending = outbox.deliver({ conversationId: 'c', clientId: 'k1', body: text('HELLO') });
    await expect(sending).rejects.toMatchObject({ code: 'internal', details: { code: 'message.too_loud' } });
    await outbox.deliver({ conversationId: 'c', clientId: 'k2', body: text('next') });
  });

  it('keeps one message of one id, and takes no other under it while that is under way', async () => {
    const { outbox, received } = world();
    const draft = { conversationId: 'c', clientId: 'k1', body: text('once') };
    const first = await outbox.add(draft);
    expect(await outbox.add(draft)).toBe(first);
    await expect(outbox.add({ ...draft, body: text('other') })).rejects.toMatchObject({
      code: 'client_id_reused',
    });
    outbox.setOnline(true);
    await outbox.deliver(draft);
    expect(received).toEqual([{ clientId: 'k1', text: 'once' }]);
  });

  it('tells of a store that breaks, and sends all the same', async () => {
    const store = new MemoryStore();
    const { outbox, faults, received } = world(store);
    let isBroken = true;
    store.removeOutbox = () => (isBroken ? Promise.reject(new Error('disk')) : Promise.resolve());
    outbox.setOnline(true);
    const sending = outbox.deliver({ conversationId: 'c', clientId: 'k1', body: text('x') });
    await outbox.add({ conversationId: 'd', body: text('y') });
    isBroken = false;
    await sending;
    expect(faults.length).toBeGreaterThan(0);
    expect(received.filter(({ clientId }) => clientId === 'k1').length).toBeGreaterThan(1);
  });

  it('sends nothing before it is stored, so that nothing written later overtakes it after a crash', async () => {
    const store = new MemoryStore();
    const { outbox, texts, idle } = world(store);
    const put = store.putOutbox.bind(store);
    const disk = Promise.withResolvers<void>();
    store.putOutbox = async (item) => {
      await disk.promise;
      await put(item);
    };
    outbox.setOnline(true);
    const written = ['first', 'second'].map((word) => outbox.add({ conversationId: 'c', body: text(word) }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(texts()).toEqual([]);
    expect(outbox.items('c')).toMatchObject([{ state: 'waiting' }, { state: 'waiting' }]);
    disk.resolve();
    await Promise.all(written);
    await idle;
    expect(texts()).toEqual(['first', 'second']);
  });

  it('refuses what it cannot store', async () => {
    const store = new MemoryStore();
    const { outbox } = world(store);
    store.putOutbox = () => Promise.reject(new Error('the disk is full'));
    await expect(outbox.add({ conversationId: 'c', body: text('x') })).rejects.toThrow('disk is full');
    expect(outbox.items()).toEqual([]);
  });

  it('takes no more than a bounded number, but offers again whatever a restore has lost', async () => {
    const { outbox } = world();
    for (let i = 0; i < 1000; i += 1) await outbox.add({ conversationId: `c${i}`, body: text('x') });
    await expect(outbox.add({ conversationId: 'c', body: text('x') })).rejects.toMatchObject({
      code: 'overloaded',
    });
    await outbox.offerAgain({ conversationId: 'c', clientId: 'k1', body: text('mine') });
    expect(outbox.items('c')).toMatchObject([{ clientId: 'k1', state: 'waiting' }]);
  });

  it('sends again what was acknowledged and lost before it came back', async () => {
    const { outbox, received } = world();
    outbox.setOnline(true);
    await outbox.deliver({ conversationId: 'c', clientId: 'k1', body: text('x') });
    await outbox.offerUnseen();
    await outbox.deliver({ conversationId: 'c', clientId: 'k2', body: text('y') });
    expect(received.map(({ clientId }) => clientId)).toEqual(['k1', 'k1', 'k2']);
  });

  it('tells whoever waits for a message that it was discarded', async () => {
    const { outbox } = world();
    const sending = outbox.deliver({ conversationId: 'c', clientId: 'k1', body: text('x') });
    await expect(outbox.discard('k1')).resolves.toBe(true);
    await expect(sending).rejects.toThrow('discarded');
  });
});
