import { newId } from '#contracts';
import type { Server } from './installation.js';
import { eachAtOnce } from './load/crowd.js';
import type { LoadPerson } from './load/device.js';
import { randomFrom } from './load/bodies.js';
import type { LoadConversation } from './load/sending.js';

const callsAtOnce = 8;
const membersPerRequest = 500;

/** The first with the second, the third with the fourth, and so on; made by the API, as people make them. */
export async function openDirects(
  server: Server,
  people: readonly LoadPerson[],
): Promise<LoadConversation[]> {
  const pairs = Array.from({ length: Math.floor(people.length / 2) }, (_, i) => [2 * i, 2 * i + 1]);
  const conversations: LoadConversation[] = [];
  await eachAtOnce(pairs, callsAtOnce, async ([one, other]) => {
    const { id } = await server.call<{ id: string }>(people[one!]!, 'POST', '/conversations', {
      kind: 'direct',
      memberIds: [people[other!]!.id],
    });
    conversations.push({ id, kind: 'direct', online: [one!, other!] });
  });
  return conversations;
}

const groupSizes = { smallest: 3, largest: 200, ranks: 66, times: 5 };

/** Sizes by Zipf's law: the second largest has half the members of the largest, the third a third. All are online. */
export async function createGroups(
  server: Server,
  people: readonly LoadPerson[],
): Promise<LoadConversation[]> {
  const { smallest, largest, ranks, times } = groupSizes;
  const sizes = Array.from({ length: ranks * times }, (_, i) =>
    Math.max(smallest, Math.round(largest / (Math.floor(i / times) + 1))),
  );
  const draw = randomFrom(1);
  const plans = sizes.map((size) => pick(people.length, size, draw));
  const groups: LoadConversation[] = [];
  await eachAtOnce(plans, callsAtOnce, async (online) => {
    const id = await createGroup(
      server,
      online.map((place) => people[place]!),
    );
    groups.push({ id, kind: 'group', online });
  });
  return groups;
}

/** Groups of `size`, of whom `onlineCount` are among the people who are online, in turn, and the rest among the others. */
export async function createLargeGroups(
  server: Server,
  { online, others }: { online: readonly LoadPerson[]; others: readonly LoadPerson[] },
  { count, size, onlineCount }: { count: number; size: number; onlineCount: number },
): Promise<LoadConversation[]> {
  const groups: LoadConversation[] = [];
  for (let i = 0; i < count; i += 1) {
    const first = Math.floor((i * online.length) / count);
    const places = Array.from({ length: onlineCount }, (_, k) => (first + k) % online.length);
    const present = places.map((place) => online[place]!);
    const id = await createGroup(server, [...present, ...others.slice(0, size - onlineCount)]);
    groups.push({ id, kind: 'large', online: places });
  }
  return groups;
}

/** The first of the members creates it. */
export async function createGroup(server: Server, members: readonly LoadPerson[]): Promise<string> {
  const [owner, ...others] = members;
  const ids = others.map(({ id }) => id);
  const { id } = await server.call<{ id: string }>(owner!, 'POST', '/conversations', {
    kind: 'group',
    name: `Group of ${members.length}`,
    memberIds: ids.slice(0, membersPerRequest),
  });
  for (let from = membersPerRequest; from < ids.length; from += membersPerRequest) {
    await server.call(owner!, 'POST', `/conversations/${id}/members`, {
      clientId: newId(),
      memberIds: ids.slice(from, from + membersPerRequest),
    });
  }
  return id;
}

function pick(from: number, count: number, draw: () => number): number[] {
  const places = Array.from({ length: from }, (_, place) => place);
  for (let i = 0; i < count; i += 1) {
    const other = i + Math.floor(draw() * (from - i));
    [places[i], places[other]] = [places[other]!, places[i]!];
  }
  return places.slice(0, count);
}
