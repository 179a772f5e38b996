import { describe, expect, it } from '@jest/globals';
import type { Conversation, ConversationEvent } from '#contracts';
import { withEvents } from './conversation.js';

const conversation = {
  id: 'c',
  kind: 'group',
  name: '规划组',
  role: 'owner',
  memberCount: 3,
  dissolved: false,
  headSeq: 5,
  readSeq: 5,
  unread: 0,
  mentions: 0,
  lastMessage: null,
} as unknown as Conversation;

const message = (seq: number, actorId: string, mentions: string[] = []) =>
  ({
    type: 'message.created',
    seq,
    actorId,
    body: { type: 'text', text: 'x', mentions },
  }) as unknown as ConversationEvent;

describe('a conversation in the list', () => {
  it('counts messages of others, and those that mention me', () => {
    const events = [message(6, 'a'), message(7, 'me'), message(8, 'b', ['me'])];
    expect(withEvents(conversation, events, 'me')).toMatchObject({
      headSeq: 8,
      unread: 2,
      mentions: 1,
      lastMessage: { seq: 8 },
    });
  });

  it('takes each event once', () => {
    const once = withEvents(conversation, [message(6, 'a')], 'me');
    expect(withEvents(once, [message(6, 'a')], 'me')).toEqual(once);
  });

  it('follows names, members, owners and its end', () => {
    const events = [
      { type: 'conversation.renamed', seq: 6, name: '规划二组' },
      { type: 'conversation.members', seq: 7, joined: ['x', 'y'], left: ['z'] },
      { type: 'conversation.owner', seq: 8, ownerId: 'x' },
      { type: 'conversation.dissolved', seq: 9 },
    ] as unknown as ConversationEvent[];
    expect(withEvents(conversation, events, 'me')).toMatchObject({
      name: '规划二组',
      memberCount: 4,
      role: 'member',
      dissolved: true,
    });
  });
});
