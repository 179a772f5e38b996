import type { PeopleScope } from '#contracts';
import { useTranslation } from 'react-i18next';

/** A scope in a few words: how many departments, which rank, how many people, and that there are exceptions. */
export function useScopeWords(): (means: PeopleScope, butNot: PeopleScope) => string {
  const { t } = useTranslation();
  return (means, butNot) => {
    const { everybody, departmentIds, maxRank, personIds } = means;
    const parts = everybody
      ? [t('visibility/everybody')]
      : [
          departmentIds.length > 0 && t('visibility/countDepartments', { count: departmentIds.length }),
          maxRank !== null && t('visibility/upToRank', { rank: maxRank }),
          personIds.length > 0 && t('visibility/countPeople', { count: personIds.length }),
        ].filter((part) => part !== false);
    const hasExceptions =
      butNot.departmentIds.length + butNot.personIds.length > 0 || butNot.maxRank !== null;
    return [
      parts.join(t('visibility/and')) || t('visibility/noOne'),
      hasExceptions && t('visibility/withExceptions'),
    ]
      .filter(Boolean)
      .join(' ');
  };
}
