import { Store, useStore } from '../parts/store.js';
import { client } from '../session/service.js';

/** Forgotten unless it is said again. */
const typingMs = 5000;

const typing = new Store<ReadonlyMap<string, readonly string[]>>(new Map());
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const nobody: readonly string[] = [];

client.on('typing', ({ conversationId, personId }) => {
  change(conversationId, (people) => (people.includes(personId) ? people : [...people, personId]));
  const key = `${conversationId} ${personId}`;
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => stop(conversationId, personId), typingMs),
  );
});

client.on('events', ({ conversationId, events }) => {
  for (const { actorId } of events) if (actorId) stop(conversationId, actorId);
});

function stop(conversationId: string, personId: string): void {
  change(conversationId, (people) => people.filter((one) => one !== personId));
}

function change(conversationId: string, next: (people: readonly string[]) => readonly string[]): void {
  const before = typing.value.get(conversationId) ?? nobody;
  const after = next(before);
  if (after.length === before.length) return;
  typing.update((all) => new Map(all).set(conversationId, after));
}

/** Who is typing in a conversation. */
export const useTyping = (conversationId: string): readonly string[] =>
  useStore(typing, (all) => all.get(conversationId) ?? nobody);
