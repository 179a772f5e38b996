import { describe, expect, it } from '@jest/globals';
import type { OutboxItem } from '#client';
import type { ConversationEvent } from '#contracts';
import { RowKeeper, rowAt, rowsOf } from './rows.js';

const message = (seq: number, actorId: string, at: string) =>
  ({
    id: `e${seq}`,
    clientId: `k${seq}`,
    type: 'message.created',
    seq,
    actorId,
    at,
  }) as unknown as ConversationEvent;

const morning = (minutes: number, seconds = 0) => new Date(2026, 2, 5, 9, minutes, seconds).toISOString();

const rows = (events: ConversationEvent[], more: Partial<Parameters<typeof rowsOf>[0]> = {}) =>
  rowsOf({ events, pending: [], myId: 'me', readSeq: 99, ...more });

describe('the rows of a conversation', () => {
  it('begin each day with its date', () => {
    const tomorrow = new Date(2026, 2, 6, 9).toISOString();
    const kinds = rows([message(1, 'a', morning(0)), message(2, 'a', tomorrow)]).map(({ kind }) => kind);
    expect(kinds).toEqual(['day', 'message', 'day', 'message']);
  });

  it('group what one sender wrote within three minutes', () => {
    const events = [
      message(1, 'a', morning(0)),
      message(2, 'a', morning(2)),
      message(3, 'b', morning(2, 30)),
      message(4, 'b', morning(6)),
    ];
    expect(rows(events).filter(({ kind }) => kind === 'message')).toMatchObject([
      { isFirst: true, isLast: false },
      { isFirst: false, isLast: true },
      { isFirst: true, isLast: true },
      { isFirst: true, isLast: true },
    ]);
  });

  it('divide once above the first message of others that was not read', () => {
    const events = [
      message(4, 'a', morning(0)),
      message(5, 'me', morning(1)),
      message(6, 'b', morning(2)),
      message(7, 'b', morning(3)),
    ];
    const all = rows(events, { readSeq: 4 });
    expect(all.map(({ kind }) => kind)).toEqual(['day', 'message', 'message', 'new', 'message', 'message']);
    expect(rowAt(all, 6)).toBe(4);
  });

  it('end with what is on its way, until it has come back', () => {
    const item = { clientId: 'k2', createdAt: new Date(morning(1)).getTime() } as unknown as OutboxItem;
    const before = rows([message(1, 'me', morning(0))], { pending: [item] });
    expect(before.at(-1)).toMatchObject({ kind: 'pending', key: 'k2', isFirst: false });
    const after = rows([message(1, 'me', morning(0)), message(2, 'me', morning(1))], { pending: [item] });
    expect(after.at(-1)).toMatchObject({ kind: 'message', key: 'k2' });
    expect(after).toHaveLength(before.length);
  });

  it('stay the same objects while nothing about them changes', () => {
    const events = [message(1, 'a', morning(0)), message(2, 'b', morning(1))];
    const keeper = new RowKeeper();
    const parts = { events, pending: [], myId: 'me', readSeq: 99 };
    const before = keeper.rows(parts);
    const after = keeper.rows({ ...parts, events: [...events, message(3, 'b', morning(2))] });
    expect(after[1]).toBe(before[1]);
    // The last of its group is the last no more.
    expect(after[2]).not.toBe(before[2]);
  });
});
