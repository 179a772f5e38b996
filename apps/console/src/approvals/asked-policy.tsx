import type { Approval, PolicyScope } from '#contracts';
import { useTranslation } from 'react-i18next';
import { Facts } from '../parts/facts.js';
import { useAmounts } from '../parts/format.js';
import { usePolicyWords } from '../policies/policy-words.js';

interface PolicySubject {
  policy: string;
  scope: PolicyScope;
  scopeName: string | null;
  before: Record<string, unknown> | null;
  value: Record<string, unknown> | null;
  people: number;
}

/** The subject of a change to a policy; undefined for other requests. */
export const policySubject = ({ operation, subject }: Approval): PolicySubject | undefined =>
  operation.startsWith('policy.') ? (subject as unknown as PolicySubject) : undefined;

export function AskedPolicy({ subject }: { subject: PolicySubject }) {
  const { t } = useTranslation();
  const words = usePolicyWords();
  const amounts = useAmounts();
  const { policy, scope, scopeName, before, value, people } = subject;
  return (
    <Facts
      lines={[
        [t('policies/scope'), words.scope(scope, scopeName)],
        [t('approvals/subjects/before'), words.value(policy, before)],
        [t('approvals/subjects/value'), words.value(policy, value)],
        [t('approvals/subjects/people'), amounts.people(people)],
      ]}
    />
  );
}
