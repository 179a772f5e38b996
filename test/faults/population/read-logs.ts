import type { ConversationEvent } from '#contracts';
import { RefusedError } from '#client';
import type { DeviceRecord, ReadLog } from '../history.js';
import type { Person } from './conversations.js';

const pageEvents = 500;

/** Reads, as a fresh device of each person, everything they may read of every conversation they ever heard of. */
export async function readLogs(
  people: readonly Person[],
  devices: readonly DeviceRecord[],
): Promise<ReadLog[]> {
  const logs: ReadLog[] = [];
  for (const person of people) {
    const ids = new Set([...(await listed(person)), ...heardOf(person, devices)]);
    for (const conversationId of ids) {
      const log = await readLog(person, conversationId);
      if (log) logs.push(log);
    }
  }
  return logs;
}

async function listed({ http }: Person): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await http.call('conversations', { query: { cursor } });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

function heardOf({ me }: Person, devices: readonly DeviceRecord[]): string[] {
  return devices
    .filter(({ personId }) => personId === me.id)
    .flatMap(({ tape }) => tape)
    .flatMap((entry) => {
      if (entry.what === 'push') return [entry.conversationId];
      return entry.what === 'synced' ? entry.conversations.map(({ conversationId }) => conversationId) : [];
    });
}

async function readLog({ me, http }: Person, conversationId: string): Promise<ReadLog | undefined> {
  const events: ConversationEvent[] = [];
  for (;;) {
    const after = events.at(-1)?.seq ?? 0;
    const page = await http
      .call('events', { params: { conversationId }, query: { after, limit: pageEvents } })
      .catch(noneOfTheirs);
    if (!page) return undefined;
    events.push(...page.events);
    const { floorSeq, headSeq } = page;
    if (!page.more) return { personId: me.id, conversationId, floorSeq, headSeq, events };
    if (page.events.length === 0)
      throw new Error(`the log of ${conversationId} does not go on after ${after}`);
  }
}

function noneOfTheirs(error: unknown): undefined {
  if (error instanceof RefusedError && error.code === 'conversation.not_a_member') return undefined;
  throw error;
}
