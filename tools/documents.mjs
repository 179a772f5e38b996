import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errorKinds } from '#contracts';
import { describeSettings, version } from '#platform';
import architecture from '../architecture.cjs';
import { root } from './root.mjs';

// Writes the documents that follow from the code; with --check it only says which of them are out of date.
const folder = join(root, 'docs', 'generated');
const isCheck = process.argv.includes('--check');
const documents = {
  'openapi.json': json((await fromDist('documents/openapi.js')).openapiDocument(version)),
  'asyncapi.json': json((await fromDist('documents/asyncapi.js')).asyncapiDocument(version)),
  'settings.md': settingsPage(),
  'errors.md': errorsPage(),
  'architecture.md': architecturePage(),
};

const outdated = Object.entries(documents).filter(([name, text]) => read(join(folder, name)) !== text);
if (isCheck && outdated.length > 0) {
  const names = outdated.map(([name]) => `docs/generated/${name}`);
  process.stdout.write(`Out of date: ${names.join(', ')}. Run: node tools/generate.mjs\n`);
  process.exitCode = 1;
}
if (!isCheck) {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of outdated) writeFileSync(join(folder, name), text);
}

/** These makers serve the running product and are no part of its library's door. */
function fromDist(path) {
  return import(pathToFileURL(join(root, 'dist/libs/platform/src', path)).href);
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function json(document) {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function settingsPage() {
  const rows = describeSettings().map(({ name, purpose, fallback }) => [
    `\`${name}\``,
    shown(fallback),
    purpose,
  ]);
  return page(
    'Settings',
    'Environment variables. An empty one counts as not set; all faults are reported together at the start.',
    table(['Name', 'Default', 'Purpose'], rows),
  );
}

/** As one would write it: folders from where the process is started, switches as 0 and 1. */
function shown(fallback) {
  if (fallback === null) return '';
  const switches = { true: '1', false: '0' };
  return `\`${switches[fallback] ?? fallback.replace(process.cwd(), '.')}\``;
}

function errorsPage() {
  const rows = Object.entries(errorKinds).map(([code, { status, meaning }]) => [
    `\`${code}\``,
    status,
    meaning,
  ]);
  return page(
    'Error codes',
    'The closed list. HTTP bodies and refusals on the socket carry `{"error": {"code", "message", …}}` with one of them.',
    table(['Code', 'HTTP status', 'Meaning'], rows),
  );
}

function architecturePage() {
  return page(
    'Who may use whom',
    'Each box may use what lies below it; within a row, a library may use those to its right.',
    `\`\`\`mermaid\n${architectureDiagram()}\n\`\`\``,
  );
}

function architectureDiagram() {
  const { clientApps, clientLibraries, clientParts, layers } = architecture;
  const box = ({ name, about, rows }) => [
    `  subgraph ${name}["${name}: ${about}"]`,
    ...rows.map((row) => `    ${row.join(' --> ')}`),
    '  end',
  ];
  return [
    'flowchart TB',
    `  ${clientApps.join(' & ')} --> ${clientParts} --> client`,
    `  client --> ${clientLibraries.filter((library) => ![clientParts, 'client'].includes(library)).join(' & ')}`,
    `  servers(["server apps"]) --> ${layers[0].name}`,
    ...layers.flatMap(box),
    ...layers.slice(1).map(({ name }, index) => `  ${layers[index].name} --> ${name}`),
  ].join('\n');
}

function page(title, about, body) {
  return `# ${title}\n\nGenerated from the code; do not edit.\n\n${about}\n\n${body}\n`;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
