import { useTranslation } from 'react-i18next';
import { sayFault } from '../parts/faults.js';
import { PasskeyCancelled } from './passkeys.js';

/** What went wrong with a second factor; undefined where nothing did. */
export function useFactorFault() {
  const { t } = useTranslation();
  return (error: unknown): string | undefined => {
    if (error === null || error === undefined) return undefined;
    return error instanceof PasskeyCancelled ? t('factors/cancelled') : sayFault(t, error);
  };
}
