import { useEffect } from 'react';
import type { PresenceState } from '#contracts';
import { Store, useStore } from '../parts/store.js';
import { client } from '../session/service.js';

/** Who is online, of those somebody is looking at. */
const states = new Store<ReadonlyMap<string, PresenceState>>(new Map());
const watchers = new Map<string, number>();

client.on('presence', ({ personId, state }) => {
  if (states.value.get(personId) !== state) states.update((now) => new Map(now).set(personId, state));
});
client.on('state', (state) => {
  // Without a connection nobody's presence is known.
  if (state !== 'live') states.set(new Map());
});

/** Watches a person for as long as something shows them. */
export function usePresence(personId: string): PresenceState | undefined {
  useEffect(() => {
    watch(personId, 1);
    return () => watch(personId, -1);
  }, [personId]);
  return useStore(states, (now) => now.get(personId));
}

function watch(personId: string, change: 1 | -1): void {
  const before = watchers.get(personId) ?? 0;
  const after = before + change;
  if (after === 0) watchers.delete(personId);
  else watchers.set(personId, after);
  // Somebody who scrolls out of sight may stay watched until others come into it.
  if (before === 0) client.watchPresence([...watchers.keys()].reverse());
}
