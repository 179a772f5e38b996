import { describe, expect, it } from '@jest/globals';
import type { ConversationEvent } from '#contracts';
import { lineOf, peopleIn } from './export-line.js';
import { nameAt } from './name-book.js';

const zhang = '01900000-0000-7000-8000-000000000001';
const li = '01900000-0000-7000-8000-000000000002';
const conversation = { id: '01900000-0000-7000-8000-0000000000aa', kind: 'group' as const, name: '值班组' };

const message: ConversationEvent = {
  id: '01900000-0000-7000-8000-0000000000e1',
  seq: 7,
  at: '2026-03-01T08:00:00.000Z',
  type: 'message.created',
  actorId: zhang,
  actorKind: 'person',
  messageId: '01900000-0000-7000-8000-0000000000d1',
  clientId: 'c1',
  body: { type: 'text', text: '@李娜 请看\n第二行 "引号"', mentions: [li] },
};

const names = new Map([
  [zhang, { displayName: '张伟', username: 'zhangwei' }],
  [li, { displayName: '李娜', username: 'lina' }],
]);
const read = (line: string) => JSON.parse(line) as Record<string, unknown>;
const line = (event: ConversationEvent) => lineOf(conversation, event, (id) => names.get(id));

describe('a line of an export', () => {
  it('carries what was written, by whom and where, with names', () => {
    expect(read(line(message))).toMatchObject({
      seq: 7,
      at: '2026-03-01T08:00:00.000Z',
      body: { text: '@李娜 请看\n第二行 "引号"' },
      conversation: { name: '值班组', kind: 'group' },
      actor: { id: zhang, displayName: '张伟', username: 'zhangwei' },
      people: [{ id: li, displayName: '李娜', username: 'lina' }],
    });
  });

  it('is one line, whatever was written', () => {
    expect(line(message)).not.toContain('\n');
  });

  it('has the same bytes whatever the order of the fields it was made from', () => {
    const shuffled = Object.fromEntries(Object.entries(message).toReversed()) as ConversationEvent;
    expect(line(shuffled)).toBe(line(message));
  });

  it('keeps half a character that somebody sent', () => {
    const half = { ...message, body: { type: 'text' as const, text: 'a\ud83d' } };
    expect(read(line(half))['body']).toEqual({ type: 'text', text: 'a\ud83d' });
  });

  it('says why there is no body', () => {
    const { body: _body, ...without } = message;
    const recalled: ConversationEvent = { ...without, type: 'message.created', state: 'recalled' };
    expect(read(line(recalled))).toMatchObject({ state: 'recalled' });
    expect(read(line(recalled))).not.toHaveProperty('body');
  });

  it('names somebody the directory never had by id alone', () => {
    const stranger = '01900000-0000-7000-8000-000000000009';
    const { actor } = read(line({ ...message, actorId: stranger }));
    expect(actor).toEqual({ id: stranger, displayName: null, username: null });
  });
});

describe('the people of an event', () => {
  it('are the actor and everybody who joined or left, each once', () => {
    const changed: ConversationEvent = {
      id: message.id,
      seq: 8,
      at: message.at,
      type: 'conversation.members',
      actorId: zhang,
      actorKind: 'person',
      joined: [li],
      left: [zhang],
    };
    expect(peopleIn(changed)).toEqual([zhang, li]);
  });
});

describe('a name in an export', () => {
  const versions = [
    { pos: 10, displayName: '张伟', username: 'zhangwei' },
    { pos: 50, displayName: '张卫', username: 'zhangwei' },
  ];

  it('is the one of the time of the event', () => {
    expect(nameAt(versions, 49)?.displayName).toBe('张伟');
    expect(nameAt(versions, 50)?.displayName).toBe('张卫');
  });

  it('is the first one for an event before it', () => {
    expect(nameAt(versions, 1)?.displayName).toBe('张伟');
  });
});
