import { useLocation } from 'wouter';
import { ErrorState } from '../parts/states.js';
import { PersonRow } from '../people/person-row.js';
import { PersonSkeletons } from '../people/person-skeletons.js';
import type { usePeopleSearch } from '../people/use-search.js';
import classes from './contacts.module.css';
import { MorePages } from './more-pages.js';

interface PeopleListProps {
  list: ReturnType<typeof usePeopleSearch>;
  openId: string | undefined;
  title?: string;
}

/** People, each a way to their card. */
export function PeopleList({ list, openId, title }: PeopleListProps) {
  const [, navigate] = useLocation();
  if (list.isPending) return <PersonSkeletons />;
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  const people = list.data.pages.flatMap(({ items }) => items);
  if (people.length === 0) return null;
  return (
    <>
      {title && <h2 className={classes['heading']}>{title}</h2>}
      {people.map((person) => (
        <PersonRow
          key={person.id}
          person={person}
          isChosen={person.id === openId}
          onClick={() => navigate(`/p/${person.id}`)}
        />
      ))}
      <MorePages list={list} />
    </>
  );
}
