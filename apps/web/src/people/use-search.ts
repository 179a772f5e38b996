import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { client } from '../session/service.js';

interface PeopleSearch {
  q?: string;
  department?: string;
}

/** People by name, pinyin or initials, or of a department; page after page. */
export function usePeopleSearch({ q = '', department }: PeopleSearch, isEnabled = true) {
  const [asked] = useDebouncedValue(q.trim(), 180);
  return useInfiniteQuery({
    queryKey: ['people', 'list', asked, department],
    queryFn: ({ pageParam }) =>
      client.call('people', {
        query: {
          limit: 50,
          ...(asked !== '' && { q: asked }),
          ...(department && { department }),
          ...(pageParam && { cursor: pageParam }),
        },
      }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled: isEnabled && (asked !== '' || department !== undefined),
    placeholderData: keepPreviousData,
  });
}
