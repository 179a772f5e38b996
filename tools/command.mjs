import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { root } from './root.mjs';

/** A fault of installing, building or checking that is told in a sentence, followed by what the program itself said. */
export class ToolError extends Error {}

const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
const running = new Set();

/**
 * Runs a program in the clone and returns what it printed; `fault` is the sentence of the `ToolError` if it fails.
 * With `shown` it prints to this terminal instead.
 */
export async function command(program, parameters, { fault, shown = false, env = process.env }) {
  const stdio = shown ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
  const child = spawn(program, parameters, { cwd: root, env, stdio });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => (output += text));
  }
  watch(child);
  try {
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    if (code !== 0) throw new ToolError(`${fault}\n${stripVTControlCharacters(output)}`.trimEnd());
    return output;
  } catch (error) {
    if (error instanceof ToolError) throw error;
    throw new ToolError(`${fault}\n${error.message}`, { cause: error });
  } finally {
    unwatch(child);
  }
}

function watch(child) {
  if (running.size === 0) for (const signal of Object.keys(signals)) process.on(signal, endAll);
  running.add(child);
}

function unwatch(child) {
  running.delete(child);
  if (running.size === 0) for (const signal of Object.keys(signals)) process.off(signal, endAll);
}

/** What was begun must not go on alone, writing into the folders of the next start. */
function endAll(signal) {
  const ends = [...running].map((child) => new Promise((resolve) => child.once('close', resolve)));
  for (const child of running) child.kill(signal);
  void Promise.all(ends).then(() => process.exit(128 + signals[signal]));
}

/** Shows one line, what is being done and how long it took. On stderr: stdout belongs to the program itself. */
export async function announced(what, work) {
  const started = Date.now();
  process.stderr.write(`${what} … `);
  try {
    const result = await work();
    process.stderr.write(`${((Date.now() - started) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stderr.write('failed\n');
    throw error;
  }
}

/** Runs a tool to its end; a `ToolError` is told without the stack, which would say nothing to its reader. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${error instanceof ToolError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
