import { Http, isPassing, Session, type Answer, type Call, type CallName } from '#client';
import type { Me } from '#contracts';
import {
  QueryClient,
  useInfiniteQuery,
  useQuery,
  type UseInfiniteQueryResult,
  type UseQueryResult,
} from '@tanstack/react-query';

/** The server this page came from. */
export const http = new Http('');

const overListeners = new Set<() => void>();

export const session = new Session(http, { platform: 'console' }, () => {
  for (const tell of overListeners) tell();
});

/** @returns ends the subscription */
export function onSessionOver(tell: () => void): () => void {
  overListeners.add(tell);
  return () => overListeners.delete(tell);
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
      refetchOnWindowFocus: true,
    },
  },
});

interface AskOptions<T> {
  enabled?: boolean;
  /** Asked again after so many milliseconds while this says so. */
  every?: (answer: T | undefined) => number | false;
}

/** One answer, kept by what was asked. */
export function useAnswer<N extends CallName>(
  name: N,
  parts: Call<N>,
  { enabled, every }: AskOptions<Answer<N>> = {},
): UseQueryResult<Answer<N>> {
  return useQuery<Answer<N>>({
    queryKey: [name, parts],
    queryFn: () => http.call(name, parts),
    enabled,
    ...(every && { refetchInterval: (query) => every(query.state.data) }),
  });
}

/** Endpoints that answer with pages. */
type ListName = {
  [N in CallName]: Answer<N> extends { items: unknown[]; nextCursor: string | null } ? N : never;
}[CallName];

export type ItemOf<N extends ListName> = Answer<N> extends { items: (infer I)[] } ? I : never;

export interface Pages<Item> {
  items: Item[] | undefined;
  error: Error | null;
  /** More pages follow. */
  more: boolean;
  loadingMore: boolean;
  loadMore: () => void;
  retry: () => void;
}

const pageSize = 50;
/** Lists of fixed length, which are asked for as a whole. */
const wholeLists = new Set<CallName>(['policies', 'identityProviders']);

/** A list, page after page. */
export function usePages<N extends ListName>(
  name: N,
  query: NonNullable<Call<N>['query']> | Record<never, never>,
  options: AskOptions<ItemOf<N>[]> = {},
): Pages<ItemOf<N>> {
  return usePagesOf(name, { query } as unknown as Call<N>, options);
}

/** A list of something that the path names, page after page. */
export function usePagesOf<N extends ListName>(
  name: N,
  { params, query }: Call<N>,
  { enabled, every }: AskOptions<ItemOf<N>[]> = {},
): Pages<ItemOf<N>> {
  interface PageAnswer {
    items: ItemOf<N>[];
    nextCursor: string | null;
  }
  const asked = useInfiniteQuery<PageAnswer>({
    queryKey: [name, params ? { params, query } : query],
    queryFn: async ({ pageParam }) => {
      // Not every list has a query, and TypeScript cannot say of an open name whether it has.
      const given = query as object | undefined;
      const page = { limit: pageSize, ...given, ...(pageParam ? { cursor: pageParam } : {}) };
      const parts = wholeLists.has(name) ? {} : { ...(params && { params }), query: page };
      return (await http.call(name, parts as unknown as Call<N>)) as unknown as PageAnswer;
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    enabled,
    ...(every && {
      refetchInterval: (state) => every(state.state.data?.pages.flatMap(({ items }) => items)),
    }),
  }) as UseInfiniteQueryResult<{ pages: PageAnswer[] }>;
  return {
    items: asked.data?.pages.flatMap(({ items }) => items),
    error: asked.data ? null : asked.error,
    more: asked.hasNextPage,
    loadingMore: asked.isFetchingNextPage,
    loadMore: () => void asked.fetchNextPage(),
    retry: () => void asked.refetch(),
  };
}

/** Whatever was asked of these is asked again. */
export async function refresh(...names: CallName[]): Promise<void> {
  await Promise.all(names.map((name) => queries.invalidateQueries({ queryKey: [name] })));
}

const signedInKey = 'chancery-console-signed-in';

/** Remembers whether there is a session to go on with, so that a first visit asks for none. */
export function rememberSession(isSignedIn: boolean): void {
  if (isSignedIn) localStorage.setItem(signedInKey, 'yes');
  else localStorage.removeItem(signedInKey);
}

/** Goes on with the session of last time, if there is one. */
export async function resume(): Promise<Me | undefined> {
  if (!localStorage.getItem(signedInKey)) return undefined;
  try {
    return await session.resume();
  } catch (error) {
    if (isPassing(error)) throw error;
    return undefined;
  }
}
