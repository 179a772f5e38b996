import { useQuery } from '@tanstack/react-query';
import { limits, type Conversation, type Member } from '#contracts';
import { meetPeople } from '../people/people.js';
import { client, queries } from '../session/service.js';

const membersKey = (conversationId: string) => ['members', conversationId] as const;

/** Members of a conversation up to the size where all are worth fetching at once. */
const mostFetched = 1000;

/** Members, the owner first; of very large groups the first thousand. */
export function useMembers(conversation: Conversation) {
  return useQuery({
    queryKey: membersKey(conversation.id),
    queryFn: () => fetchMembers(conversation.id),
    // Who has left is told no more.
    enabled: conversation.role !== null,
    staleTime: 5 * 60_000,
  });
}

async function fetchMembers(conversationId: string, attempts = 3): Promise<Member[]> {
  const members: Member[] = [];
  let version: number | undefined;
  for (let cursor: string | undefined; ;) {
    const query = { limit: limits.page, ...(cursor && { cursor }) };
    const page = await client.call('members', { params: { conversationId }, query });
    version ??= page.version;
    // Another list by now: begun anew, though not for ever where people come and go all the time.
    if (page.version !== version && attempts > 1) return fetchMembers(conversationId, attempts - 1);
    members.push(...page.items);
    if (page.nextCursor === null || members.length >= mostFetched) break;
    cursor = page.nextCursor;
  }
  meetPeople(members.map(({ person }) => person));
  return members;
}

client.on('events', ({ conversationId, events }) => {
  const isChanged = events.some(
    (event) =>
      event.type === 'conversation.owner' ||
      (event.type === 'conversation.members' && !event.left.includes(client.user?.id ?? '')),
  );
  if (isChanged) void queries.invalidateQueries({ queryKey: membersKey(conversationId) });
});

client.on('read', ({ conversationId, personId, seq }) => {
  queries.setQueriesData<Member[]>({ queryKey: membersKey(conversationId) }, (members) =>
    members?.map((member) =>
      member.person.id === personId && member.readSeq < seq ? { ...member, readSeq: seq } : member,
    ),
  );
});

// After a time without a connection marks may have been missed.
client.on('synced', () => void queries.invalidateQueries({ queryKey: ['members'] }));
