import { OfflineError, RefusedError } from '#client';
import type { TFunction } from 'i18next';
import { en } from '../words/en.js';

type KnownCode = keyof typeof en.errors.codes;

const isKnown = (code: string): code is KnownCode => code in en.errors.codes;

/** What happened and what to do, in the reader's language. */
export function sayFault(t: TFunction, error: unknown): string {
  if (error instanceof OfflineError) return t('errors/offline');
  if (error instanceof RefusedError && isKnown(error.code)) return t(`errors/codes/${error.code}`);
  return t('errors/unknown');
}

/** What whoever helps wants to know; undefined where there is nothing to tell. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof RefusedError)) return undefined;
  const reference = error.details?.['reference'];
  return typeof reference === 'string' ? `${error.code} ${reference}` : error.code;
}
