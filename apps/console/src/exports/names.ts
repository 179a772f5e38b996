import type { PersonSummary } from '#contracts';
import { useTranslation } from 'react-i18next';
import { useAnswer } from '../service.js';

export type Names = (personId: string) => string;

const idsAtOnce = 200;

/** One person by name, several by the first and their number. */
export function useLabel(names: Names): (personIds: readonly string[]) => string {
  const { t } = useTranslation();
  return (personIds) => {
    const name = names(personIds[0] ?? '');
    return personIds.length === 1
      ? name
      : t('exports/and', { name, count: personIds.length, others: personIds.length - 1 });
  };
}

/** What people are called, as far as they are known yet. */
export function usePeople(ids: readonly string[]): Map<string, PersonSummary> {
  const wanted = [...new Set(ids)].slice(0, idsAtOnce).toSorted((a, b) => (a < b ? -1 : 1));
  const { data } = useAnswer('peopleByIds', { body: { ids: wanted } }, { enabled: wanted.length > 0 });
  return new Map(data?.items.map((person) => [person.id, person]));
}

export function useNames(ids: readonly string[]): Names {
  const { t } = useTranslation();
  const people = usePeople(ids);
  return (id) => people.get(id)?.displayName ?? (people.size > 0 ? t('common/unknownPerson') : '…');
}
