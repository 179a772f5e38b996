import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { ConversationEvent } from '#contracts';
import { Timeline } from './timeline.js';

const event = (seq: number, type = 'message.created'): ConversationEvent =>
  ({ id: `e${seq}`, seq, type }) as unknown as ConversationEvent;

const stretch = (after: number, to: number) => ({
  prevSeq: after,
  events: Array.from({ length: to - after }, (_, i) => event(after + 1 + i)),
});

describe('a timeline', () => {
  it('takes a delivery that continues its cursor', () => {
    const timeline = new Timeline(0, 4);
    const { fresh, gap } = timeline.fit(stretch(4, 6));
    timeline.advance(fresh);
    expect(gap).toBe(false);
    expect(timeline.cursor).toBe(6);
  });

  it('takes nothing beyond a hole and says so', () => {
    expect(new Timeline(0, 4).fit(stretch(5, 7))).toEqual({ fresh: [], duplicates: 0, gap: true });
  });

  it('notices a hole even where the delivery brings no events', () => {
    expect(new Timeline(0, 4).fit({ prevSeq: 9, events: [] }).gap).toBe(true);
  });

  it('drops what it had and takes what follows', () => {
    const { fresh, duplicates, gap } = new Timeline(0, 4).fit(stretch(2, 6));
    expect(fresh.map(({ seq }) => seq)).toEqual([5, 6]);
    expect({ duplicates, gap }).toEqual({ duplicates: 2, gap: false });
  });

  it('takes the beginning of a delivery with a hole inside, and no more', () => {
    const { fresh, gap } = new Timeline(0, 4).fit({ prevSeq: 4, events: [event(5), event(7)] });
    expect(fresh.map(({ seq }) => seq)).toEqual([5]);
    expect(gap).toBe(true);
  });

  it('moves past events of types it does not know', () => {
    const timeline = new Timeline(0);
    timeline.advance(timeline.fit({ prevSeq: 0, events: [event(1, 'poll.closed')] }).fresh);
    expect(timeline.cursor).toBe(1);
  });

  it('goes on at a floor above it', () => {
    const timeline = new Timeline(0, 4);
    expect(timeline.raiseFloor(9)).toBe(true);
    expect({ start: timeline.start, cursor: timeline.cursor }).toEqual({ start: 9, cursor: 9 });
    expect(timeline.raiseFloor(9)).toBe(false);
  });

  it('refuses to advance by what does not continue it', () => {
    expect(() => new Timeline(0, 4).advance([event(6)])).toThrow('does not continue');
  });

  it('holds every event once and in order, whatever is lost, repeated or mixed up on the way', () => {
    const deliveries = fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 8 })), { maxLength: 60 });
    fc.assert(
      fc.property(deliveries, (pushes) => {
        const timeline = new Timeline(0);
        const applied: number[] = [];
        const apply = (after: number, to: number) => {
          const { fresh, gap } = timeline.fit(stretch(after, to));
          timeline.advance(fresh);
          applied.push(...fresh.map(({ seq }) => seq));
          return gap;
        };
        for (const [after, length] of pushes) {
          if (apply(after, after + length)) apply(timeline.cursor, after + length);
        }
        expect(applied).toEqual(Array.from({ length: timeline.cursor }, (_, i) => i + 1));
      }),
    );
  });
});
