import { isPassing } from '#client';
import type { Conversation, ConversationEvent } from '#contracts';
import { Store, useStore } from '../parts/store.js';
import { client, keptStore } from '../session/service.js';
import { mayConcernMe, withEvents } from './conversation.js';

interface Book {
  byId: ReadonlyMap<string, Conversation>;
  /** Latest message first. */
  order: readonly Conversation[];
  status: 'loading' | 'ready' | 'failed';
  error?: unknown;
}

const empty: Book = { byId: new Map(), order: [], status: 'loading' };
const keptKey = 'conversations';
const pageSize = 200;
const spreadMs = 9000;

/** All conversations of who is signed in, brought up to date by their events. */
export const book = new Store<Book>(empty);

export const useBook = (): Book => useStore(book);
/** All that waits for me. A part of its own, so that what shows it is drawn only when it changes. */
export const useUnread = (): number =>
  useStore(book, ({ order }) => order.reduce((sum, { unread }) => sum + unread, 0));
export const useConversation = (id: string): Conversation | undefined =>
  useStore(book, (now) => now.byId.get(id));

/** Starts with what was kept, then asks for all. @returns stops following */
export function openBook(myId: string): () => void {
  book.set(empty);
  void recall().then(() => load());
  const ends = [
    client.on('events', ({ conversationId, kind, events }) => {
      if (kind !== 'account') take(conversationId, events, myId);
    }),
    client.on('read', ({ conversationId, personId, seq }) => {
      if (personId === myId) markedRead(conversationId, seq);
    }),
  ];
  return () => {
    ends.forEach((end) => end());
    // Who has left keeps nothing here.
    clearTimeout(keepTimer);
    keepTimer = undefined;
  };
}

/** Reads the list from the service, page by page. */
export async function load(): Promise<void> {
  try {
    for (let cursor: string | undefined; ;) {
      const page = await client.conversations({ limit: pageSize, ...(cursor && { cursor }) });
      put(page.items);
      book.update((now) => ({ ...now, status: 'ready', error: undefined }));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
  } catch (error) {
    // What was kept is still worth showing.
    const status = book.value.byId.size > 0 ? 'ready' : 'failed';
    book.update((now) => ({ ...now, status, error }));
    if (!isPassing(error)) throw error;
  }
}

client.on('synced', () => {
  if (book.value.error !== undefined) void load();
});

export function put(conversations: readonly Conversation[]): void {
  if (conversations.length === 0) return;
  book.update((now) => {
    const byId = new Map(now.byId);
    for (const one of conversations) byId.set(one.id, one);
    return { ...now, byId, order: inOrder(byId) };
  });
  keep();
}

/** Asks for one as it is now. Throws what the service refuses it with. */
export async function fetchOne(id: string): Promise<Conversation> {
  const conversation = await client.call('conversation', { params: { conversationId: id } });
  put([conversation]);
  return conversation;
}

/** I have read up to here: shown at once, told to the service by the SDK. */
export function markRead(id: string, seq: number): void {
  client.markRead(id, seq);
  markedRead(id, seq);
}

let watchedId: string | undefined;

/** Somebody looks at the end of this conversation: what comes is read as it comes. @returns ends that */
export function watch(id: string): () => void {
  watchedId = id;
  return () => {
    if (watchedId === id) watchedId = undefined;
  };
}

function take(id: string, events: readonly ConversationEvent[], myId: string): void {
  const conversation = book.value.byId.get(id);
  if (!conversation) return refresh(id);
  const next = withEvents(conversation, events, myId);
  // Everybody of a large group hears of this at once, so that not everybody asks at once.
  if (mayConcernMe(events)) refresh(id, 1000 + Math.random() * spreadMs);
  if (next === conversation) return;
  if (id !== watchedId) return put([next]);
  client.markRead(id, next.headSeq);
  put([{ ...next, readSeq: next.headSeq, unread: 0, mentions: 0 }]);
}

function markedRead(id: string, seq: number): void {
  const conversation = book.value.byId.get(id);
  if (!conversation || seq <= conversation.readSeq) return;
  const isAll = seq >= (conversation.lastMessage?.seq ?? 0);
  put([{ ...conversation, readSeq: seq, ...(isAll && { unread: 0, mentions: 0 }) }]);
  if (!isAll && conversation.unread > 0) refresh(id);
}

const refreshing = new Set<string>();

function refresh(id: string, afterMs = 150): void {
  if (refreshing.has(id)) return;
  refreshing.add(id);
  // Several events of one moment are one question.
  setTimeout(() => {
    refreshing.delete(id);
    fetchOne(id).catch((error: unknown) => {
      // One that is ours no more, or a service that is away: the next event or start asks again.
      book.update((now) => ({ ...now, error }));
    });
  }, afterMs);
}

const inOrder = (byId: ReadonlyMap<string, Conversation>): Conversation[] =>
  [...byId.values()].sort((a, b) => (rankOf(b) > rankOf(a) ? 1 : -1));

const rankOf = ({ lastMessage, createdAt, id }: Conversation): string => (lastMessage?.at ?? createdAt) + id;

const keepEveryMs = 1000;
let keepTimer: ReturnType<typeof setTimeout> | undefined;

/** Kept for the next start; at most once a second, however much arrives. */
function keep(): void {
  keepTimer ??= setTimeout(keepNow, keepEveryMs);
}

function keepNow(): void {
  clearTimeout(keepTimer);
  keepTimer = undefined;
  void keptStore()?.keep(keptKey, book.value.order.slice(0, pageSize));
}

// A page in the background may be ended without a further word.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden' && keepTimer !== undefined) keepNow();
});

async function recall(): Promise<void> {
  const kept = await keptStore()?.recall<Conversation[]>(keptKey);
  if (kept && kept.length > 0) {
    put(kept);
    book.update((now) => ({ ...now, status: 'ready' }));
  }
}
