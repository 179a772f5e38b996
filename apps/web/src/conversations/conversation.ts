import { limits, type Conversation, type ConversationEvent } from '#contracts';

/** A conversation after further events of its log. Those it knows already change nothing. */
export function withEvents(
  conversation: Conversation,
  events: readonly ConversationEvent[],
  myId: string,
): Conversation {
  let next = conversation;
  for (const event of events) if (event.seq > next.headSeq) next = withEvent(next, event, myId);
  return next;
}

function withEvent(before: Conversation, event: ConversationEvent, myId: string): Conversation {
  const next = { ...before, headSeq: event.seq };
  switch (event.type) {
    case 'message.created': {
      next.lastMessage = event;
      if (event.actorId === myId || event.seq <= before.readSeq) return next;
      next.unread = Math.min(before.unread + 1, limits.unreadExact);
      const isForMe = event.body?.type === 'text' && event.body.mentions?.includes(myId);
      if (isForMe) next.mentions = before.mentions + 1;
      return next;
    }
    case 'conversation.members':
      next.memberCount =
        before.memberCount +
        (event.joinedCount ?? event.joined.length) -
        (event.leftCount ?? event.left.length);
      if (event.left.includes(myId)) next.role = null;
      if (event.joined.includes(myId)) next.role ??= 'member';
      return next;
    case 'conversation.renamed':
      next.name = event.name;
      return next;
    case 'conversation.owner':
      if (event.ownerId === myId) next.role = 'owner';
      else if (before.role === 'owner') next.role = 'member';
      return next;
    case 'conversation.unfollowed':
      next.follows = null;
      return next;
    case 'conversation.dissolved':
      next.dissolved = true;
      return next;
    default:
      return next;
  }
}

/** Whether the events may have made me a member, or ended it, without naming me. */
export const mayConcernMe = (events: readonly ConversationEvent[]): boolean =>
  events.some(
    (event) =>
      event.type === 'conversation.members' &&
      (event.joinedCount !== undefined || event.leftCount !== undefined),
  );
