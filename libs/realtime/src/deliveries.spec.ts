import { describe, expect, it } from '@jest/globals';
import type { LogEntry } from '#messaging';
import { deliveriesOf } from './deliveries.js';

let pos = 0;
const entry = (conversationId: string, seq: number, more: Partial<LogEntry> = {}): LogEntry => ({
  conversationId,
  seq,
  at: 0,
  pos: (pos += 1),
  id: `${conversationId}-${seq}`,
  type: 'message.created',
  actorId: 'a',
  actorKind: 'person',
  clientId: null,
  messageId: null,
  contentBucket: null,
  meta: {},
  ...more,
});
const seqs = (entries: LogEntry[]) =>
  deliveriesOf(entries).map(({ conversationId, entries }) => [
    conversationId,
    ...entries.map(({ seq }) => seq),
  ]);

describe('a stretch of the log', () => {
  it('becomes one delivery per conversation where nobody comes or goes', () => {
    expect(seqs([entry('a', 1), entry('b', 7), entry('a', 2), entry('b', 8)])).toEqual([
      ['a', 1, 2],
      ['b', 7, 8],
    ]);
  });

  it('is cut where people join or leave, so that both see exactly what is theirs', () => {
    const members = { type: 'conversation.members' as const, meta: { joined: ['x'], left: [] } };
    const stretch = [entry('a', 1), entry('a', 2, members), entry('a', 3), entry('a', 4)];
    expect(seqs(stretch)).toEqual([
      ['a', 1],
      ['a', 2],
      ['a', 3, 4],
    ]);
    expect(deliveriesOf(stretch)[1]).toMatchObject({ joined: ['x'], left: [] });
  });

  it('begins with everybody who is there from the creation', () => {
    const created = { type: 'conversation.created' as const, meta: { kind: 'group', memberIds: ['x', 'y'] } };
    expect(deliveriesOf([entry('a', 1, created)])[0]).toMatchObject({ joined: ['x', 'y'] });
  });
});
