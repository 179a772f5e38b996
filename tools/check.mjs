import './require-node.mjs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import architecture from '../architecture.cjs';
import { requireSqlInStores } from './boundaries.mjs';
import { announced, command, main, ToolError } from './command.mjs';
import { productNode } from './node.mjs';
import { prepare } from './prepare.mjs';
import { root } from './root.mjs';

const isThere = (path) => existsSync(join(root, path));
const sources = ['apps', 'libs', 'migrations', 'test'].filter(isThere);

/** Everything that is not a test. `node tools/check.mjs lint format` runs these two. */
const checks = {
  types: () =>
    Promise.all(typedProjects().map((project) => packaged('typescript7/bin/tsc', '--noEmit', '-p', project))),
  lint: () =>
    packaged(
      'oxlint/bin/oxlint',
      '--type-aware',
      '--disable-nested-config',
      ...sources,
      'tools',
      'architecture.cjs',
      '.dependency-cruiser.cjs',
    ),
  format: () => packaged('prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'),
  boundaries: async () => {
    requireSqlInStores();
    await packaged('dependency-cruiser/bin/dependency-cruiser.mjs', '--output-type=err', ...sources);
  },
  leftovers: () => packaged('knip/bin/knip.js', '--no-progress'),
  schema: () => run('tools/check-schema.mjs'),
  documents: () => run('tools/documents.mjs', '--check'),
};

await main(async () => {
  const names = chosen(process.argv.slice(2));
  // Parts that do not build are a fault like the others; what can be checked without them is checked.
  const faulty = (await succeeds(prepare)) ? [] : ['build'];
  for (const name of names) {
    if (!(await succeeds(() => announced(name, checks[name])))) faulty.push(name);
  }
  if (faulty.length > 0) throw new ToolError(`Not right: ${faulty.join(', ')}.`);
});

function chosen(given) {
  const unknown = given.filter((name) => !(name in checks));
  if (unknown.length > 0) {
    throw new ToolError(
      `There is no check ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}.`,
    );
  }
  return given.length > 0 ? given : Object.keys(checks);
}

async function succeeds(work) {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    process.stderr.write(`${error.message}\n\n`);
    return false;
  }
}

function typedProjects() {
  const clients = architecture.clientApps.map((app) => `apps/${app}/tsconfig.json`);
  return ['tsconfig.test.json', ...clients.filter(isThere)];
}

function packaged(program, ...parameters) {
  return run(`node_modules/${program}`, ...parameters);
}

function run(script, ...parameters) {
  const fault = `${[script, ...parameters].join(' ')} found:`;
  return command(productNode(), [script, ...parameters], { fault });
}
