import { Store, useStore } from '../parts/store.js';
import { browserLanguage, speak, type Language } from '../words/index.js';

export interface Settings {
  language: Language | 'auto';
  sendKey: 'enter' | 'ctrl-enter';
  density: 'comfortable' | 'compact';
}

const key = 'chancery.settings';
const defaults: Settings = { language: 'auto', sendKey: 'enter', density: 'comfortable' };

function read(): Settings {
  try {
    return { ...defaults, ...(JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Settings>) };
  } catch {
    // Somebody wrote something else there; the defaults are as good as it gets.
    return defaults;
  }
}

const settings = new Store<Settings>(read());

export const useSettings = (): Settings => useStore(settings);

export function changeSettings(change: Partial<Settings>): void {
  settings.update((now) => ({ ...now, ...change }));
  localStorage.setItem(key, JSON.stringify(settings.value));
  if (change.language !== undefined) void speakAsSet();
}

/** The language of the settings, else of the browser. */
export function speakAsSet(): Promise<void> {
  const { language } = settings.value;
  return speak(language === 'auto' ? browserLanguage() : language);
}
