import type { OutboxItem } from '#client';
import { Store, useStore } from '../parts/store.js';
import { client } from '../session/service.js';

/** Everything on its way, by conversation. */
const outbox = new Store<ReadonlyMap<string, readonly OutboxItem[]>>(new Map());
const nothing: readonly OutboxItem[] = [];

client.on('outbox', refresh);
client.on('state', refresh);

function refresh(): void {
  const all = new Map<string, OutboxItem[]>();
  for (const item of client.outbox()) {
    all.set(item.conversationId, [...(all.get(item.conversationId) ?? []), item]);
  }
  outbox.set(all);
}

export const useOutbox = (conversationId: string): readonly OutboxItem[] =>
  useStore(outbox, (all) => all.get(conversationId) ?? nothing);

/** How many messages wait for the service, in all conversations. */
export const useWaiting = (): number =>
  useStore(outbox, (all) =>
    [...all.values()].reduce(
      (sum, items) => sum + items.filter(({ state }) => state === 'waiting').length,
      0,
    ),
  );
