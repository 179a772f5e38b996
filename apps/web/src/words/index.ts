import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { OfflineError, RefusedError } from '#client';
import type { ErrorCode } from '#contracts';
import { en } from './en.js';
import { errorWords, offlineWords, unexpectedWords } from './errors.js';
import { zhCN, type Words } from './zh-CN.js';

export const languages = ['zh-CN', 'en'] as const;
export type Language = (typeof languages)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Words };
    returnNull: false;
  }
}

/** The language of the browser as far as we speak it. */
export const browserLanguage = (): Language =>
  navigator.languages
    .find((tag) => /^(zh|en)\b/i.test(tag))
    ?.toLowerCase()
    .startsWith('en')
    ? 'en'
    : 'zh-CN';

export async function speak(language: Language): Promise<void> {
  document.documentElement.lang = language;
  if (i18next.isInitialized) {
    await i18next.changeLanguage(language);
    return;
  }
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { 'zh-CN': { translation: zhCN }, en: { translation: en } },
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  });
}

/** Texts, and the words for errors, in the language of the person. */
export function useWords() {
  const { t, i18n } = useTranslation();
  const language: Language = i18n.language === 'en' ? 'en' : 'zh-CN';
  const errorText = (error: unknown): string => {
    if (error instanceof OfflineError) return offlineWords[language];
    if (!(error instanceof RefusedError)) return unexpectedWords[language];
    const meaning = errorWords[language][error.code];
    if (error.retryAfterMs === undefined || error.retryAfterMs < 1000) return meaning;
    return `${meaning} ${t('common.retryAfter', { seconds: Math.ceil(error.retryAfterMs / 1000) })}`;
  };
  const codeText = (code: ErrorCode): string => errorWords[language][code];
  return { t, language, errorText, codeText };
}
