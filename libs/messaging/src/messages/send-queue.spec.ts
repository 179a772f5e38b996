import { describe, expect, it } from '@jest/globals';
import { SendQueue } from './send-queue.js';

const limits = { waiting: 8, perSender: 3, perConversation: 5, batch: 4 };
const item = (senderId: string, conversationId: string) => ({ senderId, conversationId });

describe('the send queue', () => {
  it('refuses the flood of one sender and still takes another', () => {
    const queue = new SendQueue(limits);
    for (let i = 0; i < 3; i += 1) queue.add(item('flood', `c${i}`));
    expect(() => queue.add(item('flood', 'c9'))).toThrow(expect.objectContaining({ code: 'rate.limited' }));
    expect(() => queue.add(item('calm', 'c9'))).not.toThrow();
  });

  it('keeps one conversation from filling it', () => {
    const queue = new SendQueue(limits);
    for (let i = 0; i < 5; i += 1) queue.add(item(`s${i}`, 'hot'));
    expect(() => queue.add(item('s9', 'hot'))).toThrow(expect.objectContaining({ code: 'overloaded' }));
    expect(() => queue.add(item('s9', 'other'))).not.toThrow();
  });

  it('refuses everybody when it is full, with the time to come back', () => {
    const queue = new SendQueue(limits);
    for (let i = 0; i < 8; i += 1) queue.add(item(`s${i}`, `c${i}`));
    const refusal = { code: 'overloaded', retryAfterMs: expect.any(Number) };
    expect(() => queue.add(item('s9', 'c9'))).toThrow(expect.objectContaining(refusal));
  });

  it('gives batches in the order of arrival and makes room by it', () => {
    const queue = new SendQueue(limits);
    for (let i = 0; i < 8; i += 1) queue.add(item(`s${i}`, `c${i}`));
    expect(queue.take().map(({ senderId }) => senderId)).toEqual(['s0', 's1', 's2', 's3']);
    expect(() => queue.add(item('s0', 'c0'))).not.toThrow();
    expect(queue.size).toBe(5);
  });

  it('gives those that are chosen, and leaves the others at their place', () => {
    const queue = new SendQueue(limits);
    for (let i = 0; i < 8; i += 1) queue.add(item(`s${i}`, i % 2 === 0 ? 'even' : 'odd'));
    const odd = queue.take(({ conversationId }) => conversationId === 'odd');
    expect(odd.map(({ senderId }) => senderId)).toEqual(['s1', 's3', 's5', 's7']);
    expect(queue.take().map(({ senderId }) => senderId)).toEqual(['s0', 's2', 's4', 's6']);
    expect(queue.size).toBe(0);
  });
});
