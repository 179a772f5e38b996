import { limits, type PersonSummary } from '#contracts';
import { isPassing } from '#client';
import { Store, useStore } from '../parts/store.js';
import { client, keptStore } from '../session/service.js';

type Known = ReadonlyMap<string, PersonSummary>;

/** Summaries of everybody met so far; the rest is looked up as it is shown, many at once. */
const known = new Store<Known>(new Map());
const wanted = new Set<string>();
const missing = new Set<string>();
const keptKey = 'people';
const mostKept = 2000;
let scheduled = false;

/** undefined while the person is being looked up, and for those one may not see. */
export function usePerson(id: string | null | undefined): PersonSummary | undefined {
  const person = useStore(known, (people) => (id ? people.get(id) : undefined));
  if (id && !person) want(id);
  return person;
}

export function usePeople(): (id: string) => PersonSummary | undefined {
  const people = useStore(known);
  return (id) => {
    const person = people.get(id);
    if (!person) want(id);
    return person;
  };
}

/** What another answer brought along. */
export function meetPeople(people: readonly PersonSummary[]): void {
  const news = people.filter((person) => !sameSummary(known.value.get(person.id), person));
  if (news.length === 0) return;
  known.update((now) => new Map([...now, ...news.map((person) => [person.id, person] as const)]));
  void keptStore()?.keep(keptKey, [...known.value.values()].slice(-mostKept));
}

/** People of the last time, for a start without a network. */
export async function recallPeople(): Promise<void> {
  const people = await keptStore()?.recall<PersonSummary[]>(keptKey);
  if (people) known.update((now) => new Map([...people.map((one) => [one.id, one] as const), ...now]));
}

function want(id: string): void {
  if (missing.has(id)) return;
  wanted.add(id);
  if (scheduled) return;
  scheduled = true;
  setTimeout(() => void lookUp(), 20);
}

async function lookUp(): Promise<void> {
  scheduled = false;
  const ids = [...wanted].slice(0, limits.page);
  for (const id of ids) wanted.delete(id);
  if (wanted.size > 0) want([...wanted][0]!);
  try {
    const { items } = await client.call('peopleByIds', { body: { ids } });
    const found = new Set(items.map(({ id }) => id));
    for (const id of ids) if (!found.has(id)) missing.add(id);
    meetPeople(items);
  } catch (error) {
    // They are asked for again when they are next shown; names stay open until then.
    if (!isPassing(error)) for (const id of ids) missing.add(id);
  }
}

const sameSummary = (a: PersonSummary | undefined, b: PersonSummary): boolean =>
  a !== undefined && JSON.stringify(a) === JSON.stringify(b);
