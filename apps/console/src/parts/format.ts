import { useTranslation } from 'react-i18next';

export interface Formats {
  time: (iso: string) => string;
  date: (iso: string) => string;
  number: (value: number) => string;
  size: (bytes: number) => string;
  duration: (fromIso: string, toIso: string) => string;
  /** The zone all times are shown in, such as "GMT+8". */
  zone: string;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const made = new Map<string, Formats>();

/** Numbers and times as the language writes them, in the zone of this computer. */
export function useFormats(): Formats {
  const { language } = useTranslation().i18n;
  const known = made.get(language) ?? makeFormats(language);
  made.set(language, known);
  return known;
}

function makeFormats(language: string): Formats {
  // In English a month in digits could be read as a day.
  const month = language === 'en' ? 'short' : '2-digit';
  const time = new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month,
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const date = new Intl.DateTimeFormat(language, { year: 'numeric', month, day: '2-digit' });
  const number = new Intl.NumberFormat(language);
  const seconds = new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'second',
    maximumFractionDigits: 1,
  });
  const zone = new Intl.DateTimeFormat(language, { timeZoneName: 'longOffset' })
    .formatToParts()
    .find(({ type }) => type === 'timeZoneName')?.value;
  return {
    time: (iso) => time.format(new Date(iso)),
    date: (iso) => date.format(new Date(iso)),
    number: (value) => number.format(value),
    size(bytes) {
      const power = bytes === 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
      const value = bytes / 1024 ** power;
      return `${value.toLocaleString(language, { maximumFractionDigits: power === 0 ? 0 : 1 })} ${units[power]}`;
    },
    duration: (fromIso, toIso) => seconds.format((Date.parse(toIso) - Date.parse(fromIso)) / 1000),
    zone: [Intl.DateTimeFormat().resolvedOptions().timeZone, zone].filter(Boolean).join(', '),
  };
}

/** How much an export covers, in words. */
export function useAmounts(): { people: Amount; conversations: Amount; events: Amount; days: Amount } {
  const { t } = useTranslation();
  const { number } = useFormats();
  const counted = (count: number) => ({ count, replace: { count: number(count) } });
  return {
    people: (count) => t('approvals/persons', counted(count)),
    conversations: (count) => t('approvals/conversations', counted(count)),
    events: (count) => t('approvals/events', counted(count)),
    days: (count) => t('common/days', counted(count)),
  };
}

type Amount = (count: number) => string;

const dayMs = 86_400_000;

/** Whole days of a stretch of time, at least one. */
export const daysBetween = (from: string, to: string): number =>
  Math.max(1, Math.round((Date.parse(to) - Date.parse(from)) / dayMs));

/** A time as <input type="datetime-local"> writes it. */
export function toLocalInput(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** What the input holds as a time of the API; undefined while it holds none. */
export function fromLocalInput(text: string): string | undefined {
  const date = new Date(text);
  return text === '' || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
