import type { ConversationEvent } from '#contracts';
import { canonicalJson } from '#platform';

export const lineSchema = 'chancery.export.event/1';

export interface LineConversation {
  id: string;
  kind: 'direct' | 'group';
  /** Name of a group; of a direct conversation the names of the two. */
  name: string;
}

/** What a person was called at the time of an event. */
export interface LinePerson {
  displayName: string;
  username: string;
}

/** Everybody an event speaks of, the actor first. */
export function peopleIn(event: ConversationEvent): string[] {
  const ids = [event.actorId, ...othersIn(event)].filter((id) => id !== null);
  return [...new Set(ids)];
}

function othersIn(event: ConversationEvent): string[] {
  switch (event.type) {
    case 'message.created':
      return event.body?.type === 'text' ? (event.body.mentions ?? []) : [];
    case 'conversation.created':
      return event.memberIds;
    case 'conversation.members':
      return [...event.joined, ...event.left];
    case 'conversation.owner':
      return [event.ownerId];
    default:
      return [];
  }
}

/** One line of an export: the event as clients get it, with its conversation and the names of everybody in it. */
export function lineOf(
  conversation: LineConversation,
  event: ConversationEvent,
  nameOf: (personId: string) => LinePerson | undefined,
): string {
  const named = (id: string) => {
    const person = nameOf(id);
    return { id, displayName: person?.displayName ?? null, username: person?.username ?? null };
  };
  return canonicalJson({
    ...event,
    schema: lineSchema,
    conversation,
    actor: event.actorId === null ? null : named(event.actorId),
    people: othersIn(event).map(named),
  });
}
