import { Button } from '@mantine/core';
import { useWords } from '../words/index.js';

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
}

/** Reads the next page of a list that has one. */
export function MorePages({ list }: { list: Paged }) {
  const { t } = useWords();
  if (!list.hasNextPage) return null;
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      fullWidth
      my={8}
      loading={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
    >
      {t('common.more')}
    </Button>
  );
}
