import { isMet, type Figure, type Outcome } from './bench.js';
import type { MachineFacts } from './machine.js';

export interface Finished extends Partial<Outcome> {
  name: string;
  about: string;
  seconds: number;
  fault?: string;
}

export interface Report {
  machine: MachineFacts;
  benches: Finished[];
}

/** True when every benchmark ran to its end and nothing that must be is missed. */
export const isGood = ({ benches }: Report): boolean =>
  benches.every(
    ({ fault, figures = [] }) =>
      fault === undefined &&
      figures.every((figure) => figure.must === undefined || isMet(figure, figure.must)),
  );

export function terminalTable({ name, figures = [], notes = [], profile, fault }: Finished): string {
  const cells = figures.map((figure) => [
    figure.name,
    shown(figure.value, figure.unit),
    wanted(figure),
    verdict(figure),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...cells.map((row) => row[column]!.length)));
  const lines = cells.map((row) => {
    const [what = '', value = '', goal = '', judged = ''] = row;
    return `  ${what.padEnd(widths[0]!)}  ${value.padStart(widths[1]!)}  ${goal.padEnd(widths[2]!)}  ${judged}`.trimEnd();
  });
  return [
    name,
    ...lines,
    ...notes.map((note) => `  ${note}`),
    ...(profile ?? []).map(({ part, where }) => `  ${(part * 100).toFixed(1).padStart(5)} %  ${where}`),
    ...(fault === undefined ? [] : [`  FAILED: ${fault}`]),
  ].join('\n');
}

/** The tables of docs/performance.md. */
export function markdown({ machine, benches }: Report): string {
  const { cpu, cores, memoryGb, node, postgresql, fsync, synchronousCommit, date } = machine;
  return [
    `${date.slice(0, 10)} · ${cpu}, ${cores} cores, ${memoryGb} GB · Node ${node} · PostgreSQL ${postgresql}, ` +
      `fsync ${fsync}, synchronous_commit ${synchronousCommit}`,
    '',
    '| benchmark | figure | measured | must | aim |',
    '| --- | --- | --: | --: | --: |',
    ...benches.flatMap((bench) =>
      bench.fault === undefined
        ? (bench.figures ?? []).map((figure) => row(bench.name, figure))
        : [`| \`${bench.name}\` | failed: ${bench.fault.replaceAll(/[|\n]/g, ' ')} | | | |`],
    ),
    ...benches.flatMap(({ name, notes = [] }) =>
      notes.length > 0 ? ['', `\`${name}\`: ${notes.join(' ')}`] : [],
    ),
    ...benches.flatMap(({ name, profile }) =>
      profile
        ? ['', `Self time of the server during \`${name}\`:`, '']
            .concat(['| part | where |', '| --: | --- |'])
            .concat(profile.map(({ part, where }) => `| ${(part * 100).toFixed(1)} % | \`${where}\` |`))
        : [],
    ),
  ].join('\n');
}

function row(bench: string, figure: Figure): string {
  const goal = (value: number | undefined) => (value === undefined ? '' : shown(value, figure.unit));
  const { name, value, unit, must, aim } = figure;
  return `| \`${bench}\` | ${name} | ${shown(value, unit)} | ${goal(must)} | ${goal(aim)} |`;
}

const wanted = ({ must, aim, isLess }: Figure): string => {
  const sign = isLess ? '<=' : '>=';
  const parts = [
    must === undefined ? [] : `must ${sign} ${number(must)}`,
    aim === undefined ? [] : `aim ${sign} ${number(aim)}`,
  ];
  return parts.flat().join(', ');
};

function verdict(figure: Figure): string {
  const { must, aim } = figure;
  if (must !== undefined && !isMet(figure, must)) return 'MISSED';
  if (aim !== undefined && !isMet(figure, aim))
    return must === undefined ? 'below the aim' : 'ok, below the aim';
  return must === undefined && aim === undefined ? '' : 'ok';
}

const shown = (value: number, unit: string): string => `${number(value)} ${unit}`.trimEnd();

const number = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
