import { SearchX } from 'lucide-react';
import { EmptyState } from '../parts/states.js';
import { usePeopleSearch } from '../people/use-search.js';
import { useWords } from '../words/index.js';
import { PeopleList } from './people-list.js';

export function FoundPeople({ q, openId }: { q: string; openId: string | undefined }) {
  const { t } = useWords();
  const found = usePeopleSearch({ q });
  const isNobody = found.data?.pages.every(({ items }) => items.length === 0) && !found.isFetching;
  if (isNobody)
    return <EmptyState icon={SearchX} title={t('contacts.nobody')} hint={t('contacts.nobodyHint')} />;
  return <PeopleList list={found} openId={openId} />;
}
