import { setTimeout as pause } from 'node:timers/promises';
import { isPassing, RefusedError, type Http } from '#client';
import { newId, type Me } from '#contracts';
import type { Random } from '../random.js';

const againMs = 250;

/** A person, with the API as they use it. */
export interface Person {
  me: Me;
  token: string;
  http: Http;
}

export interface Talk {
  id: string;
  owner: Person;
  /** Those who may be members at one time or another. */
  people: Person[];
  /** People come and go. */
  isChanging: boolean;
}

/** Direct conversations, groups of three to thirty, and groups whose members change. */
export async function beginTalks(people: readonly Person[], random: Random): Promise<Talk[]> {
  const talks: Promise<Talk>[] = [];
  const biggest = Math.min(30, people.length);
  for (const person of people) {
    const [peer] = random.some(
      people.filter((other) => other !== person),
      1,
    );
    talks.push(begin('direct', person, [peer!]));
  }
  for (let i = 0; i < Math.ceil(people.length / 5); i += 1) {
    const [owner, ...others] = random.some(people, random.whole(3, Math.ceil(biggest / (1 + (i % 3)))));
    talks.push(begin('group', owner!, others));
  }
  for (let i = 0; i < Math.ceil(people.length / 20); i += 1) {
    const [owner, ...others] = random.some(people, Math.min(12, people.length));
    talks.push(begin('group', owner!, others, true));
  }
  return Promise.all(talks);
}

async function begin(
  kind: 'direct' | 'group',
  owner: Person,
  others: Person[],
  isChanging = false,
): Promise<Talk> {
  const first = isChanging ? others.slice(0, others.length / 2) : others;
  const memberIds = first.map(({ me }) => me.id);
  const name = kind === 'group' ? 'group' : undefined;
  const { id } = await owner.http.call('createConversation', {
    body: { kind, memberIds, ...(name && { name }) },
  });
  return { id, owner, people: [owner, ...others], isChanging };
}

/** Somebody comes or goes. Asked again under the same id until it is answered; a refusal is an answer. */
export async function changeMembers(
  { id, owner, people }: Talk,
  random: Random,
  isOver: () => boolean,
): Promise<void> {
  const person = random.one(people.filter((one) => one !== owner)).me.id;
  const isLeaving = random.chance(0.5);
  const clientId = newId();
  const ask = () =>
    isLeaving
      ? owner.http.call('removeMember', { params: { conversationId: id, personId: person } })
      : owner.http.call('addMembers', {
          params: { conversationId: id },
          body: { clientId, memberIds: [person] },
        });
  while (!isOver()) {
    try {
      await ask();
      return;
    } catch (error) {
      if (!isPassing(error)) {
        if (error instanceof RefusedError) return;
        throw error;
      }
      await pause(againMs);
    }
  }
}
