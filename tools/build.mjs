import './require-node.mjs';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import architecture from '../architecture.cjs';
import { announced, command, ToolError } from './command.mjs';
import { productNode } from './node.mjs';
import { root } from './root.mjs';

const dist = join(root, 'dist');
const buildInfo = join(dist, '.tsbuildinfo');
const settled = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

const client = (name) => ({
  name,
  sources: [`apps/${name}`, ...architecture.clientLibraries.map((library) => `libs/${library}`)],
  output: [`dist/${name}/index.html`],
  program: [
    'node_modules/vite/bin/vite.js',
    'build',
    `apps/${name}`,
    '--config',
    `apps/${name}/vite.config.ts`,
  ],
});

const serverApps = readdirSync(join(root, 'apps')).filter((app) => !architecture.clientApps.includes(app));

const serverLibraries = readdirSync(join(root, 'libs'))
  .filter((library) => library !== architecture.clientParts)
  .map((library) => `libs/${library}`);

/** What is built, each part for itself and all at once. */
const targets = [
  {
    name: 'servers',
    sources: [...serverApps.map((app) => `apps/${app}`), ...serverLibraries, 'migrations'],
    files: ['tools/pack-servers.mjs'],
    program: ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.build.json'],
    output: ['dist/servers/suite.js'],
    before: forgetLostOutput,
    after: packServers,
  },
  {
    name: 'packages',
    sources: [],
    files: ['tools/pack.mjs'],
    output: ['dist/node_modules/typeorm/package.json'],
    program: ['tools/pack.mjs'],
  },
  ...architecture.clientApps
    .filter((app) => existsSync(join(root, 'apps', app, 'vite.config.ts')))
    .map(client),
];

/** True when dist is what these sources make. */
export function isBuilt() {
  return targets.every(isFresh);
}

/** Builds what is not fresh. Throws a `ToolError` with what the compilers said. */
export async function build() {
  const stale = targets.filter((target) => !isFresh(target));
  if (stale.length === 0) return;
  await announced(`Building ${stale.map(({ name }) => name).join(', ')}`, async () => {
    const results = await Promise.allSettled(stale.map(buildTarget));
    const faults = results.flatMap(({ reason }) => reason ?? []);
    const unexpected = faults.find((fault) => !(fault instanceof ToolError));
    if (unexpected) throw unexpected;
    if (faults.length > 0) throw new ToolError(faults.map(({ message }) => message).join('\n\n'));
  });
}

async function buildTarget(target) {
  // Taken before: what is changed during the build is not in it, and is found out by the next start.
  const stamp = stampOf(target);
  rmSync(stampFile(target), { force: true });
  target.before?.();
  await command(productNode(), target.program, { fault: `Building ${target.name} failed:` });
  await target.after?.();
  mkdirSync(join(dist, '.stamps'), { recursive: true });
  writeFileSync(stampFile(target), stamp);
}

function stampFile({ name }) {
  return join(dist, '.stamps', name);
}

function isFresh(target) {
  const file = stampFile(target);
  if (!existsSync(file) || !(target.output ?? []).every((path) => existsSync(join(root, path)))) return false;
  return readFileSync(file, 'utf8') === stampOf(target);
}

/** Hash of everything the target is made of. Contents and not times: a checkout of the same commit changes nothing. */
function stampOf({ sources, files = [] }) {
  const hash = createHash('sha256');
  for (const path of [...settled, ...files, ...sources.flatMap(filesBelow)].sort(byText)) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

const byText = (a, b) => (a < b ? -1 : 1);

/** Files below a folder of the clone, by their path from its root; specs are nobody's source. */
function filesBelow(folder) {
  const from = join(root, folder);
  if (!existsSync(from)) return [];
  return readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.spec\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const sourceOf = (path) => path.replace(/^dist\//, '').replace(/\.js(\.map)?$/, '.ts');

/** The compiler writes only what has changed since its last run, so it must not remember what was deleted meanwhile. */
function forgetLostOutput() {
  const sources = [...serverApps.map((app) => `apps/${app}/src`), ...serverLibraries, 'migrations'].flatMap(
    filesBelow,
  );
  const isMissing = (path) =>
    /(?<!\.d)\.ts$/.test(path) && !existsSync(join(dist, path.replace(/\.ts$/, '.js')));
  if (sources.some(isMissing)) rmSync(buildInfo, { force: true });
}

function packServers() {
  removeOutdated();
  return command(productNode(), ['tools/pack-servers.mjs'], { fault: 'Packing the servers failed:' });
}

/** Removes what was made from sources that are gone: a migration or an entity would otherwise live on. */
function removeOutdated() {
  for (const path of ['dist/apps', 'dist/libs', 'dist/migrations'].flatMap(filesBelow)) {
    if (!existsSync(join(root, sourceOf(path)))) rmSync(join(root, path));
  }
}
