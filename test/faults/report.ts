import type { Violation } from './checker.js';
import type { History } from './history.js';
import type { Outcome } from './round.js';

const shownEach = 10;

/** What a round came to, for people. */
export function reportOf({ history, violations, faults, disturbances, notExercised }: Outcome): string {
  const times = [...disturbances.values()].reduce((sum, count) => sum + count, 0);
  const rows: [string, string][] = [
    ...countsOf(history),
    ['disturbances', `${times} of ${disturbances.size} kinds`],
    ['violations', String(violations.length)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    ...notExercised.map((what) => `  not exercised: ${what}`),
    ...violationsByRule(violations),
    ...faults
      .slice(0, shownEach)
      .map((fault) => `FAULT of the run: ${fault instanceof Error ? fault.stack : String(fault)}`),
  ].join('\n');
}

function countsOf({ devices, logs }: History): [string, string][] {
  const answers = devices.flatMap((device) => device.answers);
  const acks = answers.filter((answer) => 'ack' in answer);
  const refusals = Map.groupBy(
    answers.flatMap((answer) => ('refusal' in answer ? [answer.refusal] : [])),
    (code) => code,
  );
  const acknowledged = new Set(acks.map(({ clientId }) => clientId));
  const checked = devices.reduce(
    (sum, { tape }) => sum + tape.reduce((events, entry) => events + eventsOf(entry), 0),
    0,
  );
  const read = logs.reduce((sum, { events }) => sum + events.length, 0);
  return [
    [
      'devices',
      `${devices.length}, ${devices.filter(({ kind }) => kind === 'raw').length} of them bare sockets`,
    ],
    ['sends', String(devices.reduce((sum, { sends }) => sum + sends.length, 0))],
    ['acks', `${acks.length} for ${acknowledged.size} messages`],
    ['resends acknowledged', String(acks.length - acknowledged.size)],
    ['refusals', [...refusals].map(([code, all]) => `${code} ${all.length}`).join(', ') || 'none'],
    [
      'connections',
      String(
        devices.reduce((sum, { tape }) => sum + tape.filter(({ what }) => what === 'connecting').length, 0),
      ),
    ],
    ['events checked', `${checked} as they arrived, ${read} of ${logs.length} logs in the end`],
  ];
}

function eventsOf(entry: History['devices'][number]['tape'][number]): number {
  if (entry.what === 'synced') return entry.conversations.reduce((sum, { events }) => sum + events.length, 0);
  return 'events' in entry ? entry.events.length : 0;
}

function violationsByRule(violations: readonly Violation[]): string[] {
  return [...Map.groupBy(violations, ({ rule }) => rule)].flatMap(([rule, all]) => [
    `VIOLATION: ${rule} (${all.length})`,
    ...all.slice(0, shownEach).map(({ evidence }) => `    ${evidence}`),
  ]);
}
