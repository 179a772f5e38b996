import type { Approval } from '#contracts';
import { useTranslation } from 'react-i18next';

/** What an export was asked of, as `audit.export` describes its subject. */
export interface ExportSubject {
  exportId?: string;
  people: { id: string; displayName: string; username: string; departmentName: string | null }[];
  from: string;
  to: string;
  conversations: number;
  events: number;
  /** False when there are more than were counted. */
  isComplete: boolean;
}

/** The subject of an export; undefined for a request made in another form. */
export function exportSubject({ operation, subject }: Approval): ExportSubject | undefined {
  if (operation !== 'audit.export') return undefined;
  const { people, from, to, conversations, events } = subject;
  const isOurs =
    Array.isArray(people) &&
    typeof from === 'string' &&
    typeof to === 'string' &&
    typeof conversations === 'number' &&
    typeof events === 'number';
  return isOurs ? (subject as unknown as ExportSubject) : undefined;
}

/** Changes of policies are operations of this form. */
const policyPrefix = 'policy.';

/** What an operation is called; one that this console has no words for yet keeps its own name. */
export function useOperationWords(): (operation: string) => string {
  const { t } = useTranslation();
  const words = t('approvals/operations', { returnObjects: true }) as Record<string, string>;
  const policies = t('policies/names', { returnObjects: true }) as Record<string, string>;
  return (operation) => {
    if (!operation.startsWith(policyPrefix)) return words[operation] ?? operation;
    const name = operation.slice(policyPrefix.length);
    return t('approvals/changePolicy', { name: policies[name] ?? name });
  };
}

/** What the parts of a subject are called, likewise. */
export function useSubjectWords(): (name: string) => string {
  const { t } = useTranslation();
  const words = t('approvals/subjects', { returnObjects: true }) as Record<string, string>;
  return (name) => words[name] ?? name;
}
