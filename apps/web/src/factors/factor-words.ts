import { useWords } from '../words/index.js';
import { PasskeyCancelled } from './passkeys.js';

/** What went wrong with a second factor; undefined where nothing did. */
export function useFactorFault() {
  const { t, errorText } = useWords();
  return (error: unknown): string | undefined => {
    if (error === null || error === undefined) return undefined;
    return error instanceof PasskeyCancelled ? t('factors.cancelled') : errorText(error);
  };
}
