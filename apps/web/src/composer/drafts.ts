import { Store, useStore } from '../parts/store.js';

const prefix = 'chancery.draft.';

function readAll(): Map<string, string> {
  const all = new Map<string, string>();
  for (let i = 0; i < localStorage.length; i += 1) {
    const key = localStorage.key(i)!;
    if (key.startsWith(prefix)) all.set(key.slice(prefix.length), localStorage.getItem(key)!);
  }
  return all;
}

/** What was written and not sent, by conversation; on this device. */
const drafts = new Store<ReadonlyMap<string, string>>(readAll());

export const useDraft = (conversationId: string): string =>
  useStore(drafts, (all) => all.get(conversationId) ?? '');

export const draftOf = (conversationId: string): string => drafts.value.get(conversationId) ?? '';

export function keepDraft(conversationId: string, text: string): void {
  const isEmpty = text.trim() === '';
  if (isEmpty) localStorage.removeItem(prefix + conversationId);
  else localStorage.setItem(prefix + conversationId, text);
  drafts.update((all) => {
    const next = new Map(all);
    if (isEmpty) next.delete(conversationId);
    else next.set(conversationId, text);
    return next;
  });
}

/** Somebody signs out: nothing of theirs stays. */
export function forgetDrafts(): void {
  for (const conversationId of drafts.value.keys()) localStorage.removeItem(prefix + conversationId);
  drafts.set(new Map());
}
