import { useTranslation } from 'react-i18next';
import type { SourceDraft } from './source-draft.js';
import type { SourceFaults } from './source-faults.js';

/** What each part of the form is given. */
export interface PartProps {
  draft: SourceDraft;
  faults: SourceFaults;
  change: (part: Partial<SourceDraft>) => void;
}

type TextField = {
  [K in keyof SourceDraft]: SourceDraft[K] extends string ? K : never;
}[keyof SourceDraft];

/** What every field of text has: value, fault, change. */
export function useFields({ draft, faults, change }: PartProps) {
  const { t } = useTranslation();
  const fault = (field: string) => {
    const word = faults[field];
    return word && t(`sources/form/faults/${word}`);
  };
  const text = (field: TextField) => ({
    value: draft[field],
    error: fault(field),
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
      change({ [field]: currentTarget.value }),
    'data-testid': `source-${field}`,
  });
  return { fault, text };
}
