import './require-node.mjs';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main, ToolError } from './command.mjs';
import { becomeCommand, runCommand } from './node.mjs';
import { findPeers } from './peers.mjs';
import { prepare } from './prepare.mjs';
import { root } from './root.mjs';

// Everything that follows is Jest's: `npm test -- libs/keys` runs the specs of one library.
const [isLong, given] =
  process.argv[2] === '--long' ? [true, process.argv.slice(3)] : [false, process.argv.slice(2)];
/** Most specs wait for processes as much as they compute, also where there are few processors. */
const sideBySide = 3;
const isNarrowed = given.some((argument) => !argument.startsWith('-'));

await main(async () => {
  await prepareOrTell();
  const peers = findPeers();
  requirePeers(peers);
  process.chdir(root);
  const env = {
    ...process.env,
    ...Object.fromEntries(peers.map(({ variable, path }) => [variable, path ?? ''])),
  };
  const hasBrowser = wantsBrowser(peers);
  const short = { others: ['unit', 'promises'], browser: hasBrowser ? ['browser'] : [] };
  const long = { others: ['long'], browser: hasBrowser ? ['long-browser'] : [] };
  if (isNarrowed) becomeCommand(jest([short, long].flatMap(Object.values).flat(), sideBySide), env);
  else await runApart(isLong ? long : short, env);
});

// Jest says how many when it has run; without it, not being able to run is the one failure.
if (process.exitCode) process.stdout.write('0 passed, 1 failed\n');

/** The browsers after the others: how soon a message is seen says nothing while other tests use the machine. */
async function runApart({ others, browser }, env) {
  if (browser.length === 0) return becomeCommand(jest(others, sideBySide), env);
  const folder = mkdtempSync(join(tmpdir(), 'chancery-tests-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const tally = join(folder, 'tally.json');
  const code = await runCommand(jest(others, sideBySide), { ...env, CHANCERY_TEST_TALLY: tally });
  if (!existsSync(tally)) {
    process.exitCode = code || 1;
    return;
  }
  const before = readFileSync(tally, 'utf8');
  process.exit((await runCommand(jest(browser, 1), { ...env, CHANCERY_TEST_BEFORE: before })) || code);
}

function jest(projects, workers) {
  return [
    '--experimental-vm-modules',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    `--maxWorkers=${workers}`,
    // Node has been seen to spin for ever while it closes what is open at its natural end; everything is told by then.
    '--forceExit',
    ...given,
    // Last, because the list of projects ends only at the end.
    '--selectProjects',
    ...projects,
  ];
}

/** Specs run from source, so named ones may run while something elsewhere does not compile; what fails is still told. */
async function prepareOrTell() {
  try {
    await prepare();
  } catch (error) {
    if (!isNarrowed || !(error instanceof ToolError)) throw error;
    process.stderr.write(`${error.message}\n\nRunning the named specs all the same.\n`);
  }
}

function requirePeers(peers) {
  if (process.env.CHANCERY_REQUIRE_PEERS !== '1') return;
  const missing = peers.filter(({ isRequired, path }) => isRequired && !path);
  if (missing.length === 0) return;
  const names = missing.map(({ name, variable }) => `${name} (name its program in ${variable})`);
  throw new ToolError(`CHANCERY_REQUIRE_PEERS is 1, but these are absent: ${names.join(', ')}.`);
}

function wantsBrowser(peers) {
  return (
    process.env.CHANCERY_TEST_BROWSER === '1' || peers.some(({ name, path }) => name === 'Chromium' && path)
  );
}
