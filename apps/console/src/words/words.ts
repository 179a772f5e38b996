import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.js';
import { zhCN, type Words } from './zh-CN.js';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'words';
    keySeparator: '/';
    resources: { words: Words };
  }
}

export type Language = 'zh-CN' | 'en';

const words = createInstance();
const key = 'chancery-console-language';

function firstLanguage(): Language {
  const chosen = localStorage.getItem(key);
  if (chosen === 'zh-CN' || chosen === 'en') return chosen;
  return navigator.language.startsWith('zh') ? 'zh-CN' : 'en';
}

export async function openWords(): Promise<void> {
  await words.use(initReactI18next).init({
    lng: firstLanguage(),
    defaultNS: 'words',
    resources: { 'zh-CN': { words: zhCN }, en: { words: en } },
    interpolation: { escapeValue: false },
    // Codes such as "export.asked" are keys as they are.
    keySeparator: '/',
    nsSeparator: false,
    returnNull: false,
  });
  document.documentElement.lang = words.language;
}

export async function changeLanguage(language: Language): Promise<void> {
  localStorage.setItem(key, language);
  await words.changeLanguage(language);
  document.documentElement.lang = language;
}
