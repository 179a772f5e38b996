import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { installationFolder, programOf } from '#platform';
import type { Environment } from './served-process.js';

/** What was kept of earlier starts, as the product keeps it. */
export const compiled: Environment = { NODE_COMPILE_CACHE: join(installationFolder, 'dist/.compiled') };

/** Runs `chancery` with these words, as somebody at a terminal does. */
export function chancery(
  words: readonly string[],
  env: Environment,
): Promise<{ stdout: string; said: string; code: number }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [programOf('cli'), ...words],
      { env: { ...compiled, ...env }, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout, stderr) => resolve({ stdout, said: stdout + stderr, code: child.exitCode ?? -1 }),
    );
  });
}

/** The same, where it must succeed. @returns what it wrote. Throws with all it said where it fails. */
export async function chancerySays(words: readonly string[], env: Environment): Promise<string> {
  const { stdout, said, code } = await chancery(words, env);
  if (code !== 0) throw new Error(`chancery ${words.join(' ')} ended with ${code}: ${said}`);
  return stdout;
}
