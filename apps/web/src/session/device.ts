import { newId } from '#contracts';

/** Kept by this browser across sessions. */
export function deviceId(): string {
  const known = localStorage.getItem('chancery.device');
  if (known) return known;
  const id = newId();
  localStorage.setItem('chancery.device', id);
  return id;
}

const browsers: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** Shown in the list of devices: "Chrome, Windows". */
export function deviceName(agent: string = navigator.userAgent): string {
  const first = (known: [RegExp, string][]) => known.find(([form]) => form.test(agent))?.[1];
  return [first(browsers) ?? 'Browser', first(systems)].filter(Boolean).join(', ');
}
