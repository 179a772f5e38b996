import type { Language } from './index.js';

const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${name}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(language, options);
  formats.set(key, known);
  return known;
}

/** 10:32 */
export const clock = (at: Date, language: Language): string =>
  format(language, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);

/** Whole days from the day of `at` to today, by the calendar of this place. */
export function daysAgo(at: Date, now: Date = new Date()): number {
  const midnight = (time: Date) => new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
  return Math.round((midnight(now) - midnight(at)) / dayMs);
}

function dayName(at: Date, language: Language, now: Date): string {
  const isThisYear = at.getFullYear() === now.getFullYear();
  return isThisYear
    ? format(language, 'day', { month: 'short', day: 'numeric' }).format(at)
    : format(language, 'date', { year: 'numeric', month: 'numeric', day: 'numeric' }).format(at);
}

interface DayWords {
  today: string;
  yesterday: string;
}

/** In lists: today 10:32, 昨天, 周三, 3月5日, 2025/3/5. */
export function shortTime(at: Date, language: Language, words: DayWords, now: Date = new Date()): string {
  const days = daysAgo(at, now);
  if (days <= 0) return clock(at, language);
  if (days === 1) return words.yesterday;
  if (days < 7) return format(language, 'weekday', { weekday: 'short' }).format(at);
  return dayName(at, language, now);
}

/** Between messages: 今天, 昨天, 3月5日 周三. */
export function dayLabel(at: Date, language: Language, words: DayWords, now: Date = new Date()): string {
  const days = daysAgo(at, now);
  if (days <= 0) return words.today;
  if (days === 1) return words.yesterday;
  return `${dayName(at, language, now)} ${format(language, 'weekday', { weekday: 'short' }).format(at)}`;
}

/** The whole of it, for a pointer that rests. */
export const fullTime = (at: Date, language: Language): string =>
  format(language, 'full', { dateStyle: 'long', timeStyle: 'medium' }).format(at);

const units = ['B', 'KB', 'MB', 'GB'];

/** 1.4 MB */
export function byteSize(bytes: number): string {
  const power = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log2(bytes) / 10) : 0);
  const value = bytes / 1024 ** power;
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${units[power]}`;
}
