import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from './command.mjs';
import { root } from './root.mjs';

/** What was compiled at one start is not compiled at the next; where it cannot be kept, it is. */
const compiled = { NODE_COMPILE_CACHE: join(root, 'dist/.compiled') };

/**
 * Much of what a server makes is needed for a moment only: with room for it, less of it is taken for lasting, and
 * the pauses in which it is sorted out are fewer. In MiB; V8's own is 16.
 */
const heap = '--max-semi-space-size=64';

/** The Node that runs the product: the one installed with the packages, else this one if it is new enough. */
export function productNode() {
  const packaged = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(packaged)) return packaged;
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath;
  throw new ToolError(
    `There is no packaged Node for ${process.platform}-${process.arch}, and this one is ${process.version}. ` +
      'Install Node 24 or newer and start again.',
  );
}

/**
 * Runs a server with the product's Node in place of this process: same terminal, same signals, same end. The server
 * hears of this process's death, even by SIGKILL, because the channel between them closes.
 */
export function becomeServer(script, parameters) {
  const child = spawn(productNode(), [heap, script, ...parameters], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...compiled },
  });
  let last = 0;
  const passOn = (signal) => {
    // npm repeats what this process was sent itself; a second one on purpose means "at once" and comes later.
    if (Date.now() - last < 300) return;
    last = Date.now();
    child.kill(signal);
  };
  process.on('SIGTERM', passOn);
  process.on('SIGHUP', () => passOn('SIGTERM'));
  // Ctrl-C reaches everybody at the terminal by itself.
  process.on('SIGINT', process.stdin.isTTY ? () => {} : passOn);
  endWith(child);
}

/** Runs a command with the product's Node in place of this process; the terminal's signals reach it by themselves. */
export function becomeCommand(parameters, env = process.env) {
  endWith(spawnCommand(parameters, env));
}

/** As `becomeCommand`, for what is followed by more. @returns the exit code; a signal ends this process as well */
export function runCommand(parameters, env = process.env) {
  const child = spawnCommand(parameters, env);
  return new Promise((resolve) => endWith(child, resolve));
}

function spawnCommand(parameters, env) {
  const child = spawn(productNode(), parameters, { stdio: 'inherit', env: { ...env, ...compiled } });
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return child;
}

function endWith(child, ended = process.exit) {
  child.once('error', (error) => {
    process.stderr.write(`${child.spawnfile} does not run on this system: ${error.message}\n`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => {
    if (signal === null) return ended(code);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    return process.kill(process.pid, signal);
  });
}
